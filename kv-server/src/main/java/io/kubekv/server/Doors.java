package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.grpc.Companion;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.grpc.GrpcSettings;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Door;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedDoor;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.http.HostWhitelist;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.WebGuard;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.ObservedHandler;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * Where clients come in. Opened one after the other, and closed all at the same time: none lets
 * anybody in while another ends, and a stop takes as long as the slowest of them. Not thread-safe.
 */
final class Doors implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final ExecutorService threads;
  private final Metrics metrics;
  private final Observation observation;
  private final EventLoop loop;
  private final Optional<Certificates> tls;
  private final Optional<Gate> gate;
  private final DoorsConfig said;
  private final LimitsConfig limits;
  private final Budgets budgets;
  private final List<Part> open = new ArrayList<>();

  /**
   * Opens none yet; what it is given stays the caller's.
   *
   * @param tracer follows requests; stays the caller's
   * @param tls whose certificates are shown and asked for; absent: plain text
   * @param gate knows who comes in and what they may; absent: everybody may everything
   * @param said what those that speak HTTP say and let in
   * @param limits what clients may take
   */
  Doors(
      ExecutorService threads,
      Metrics metrics,
      Tracer tracer,
      EventLoop loop,
      Optional<Certificates> tls,
      Optional<Gate> gate,
      DoorsConfig said,
      LimitsConfig limits,
      Budgets budgets) {
    this.threads = threads;
    this.metrics = metrics;
    this.observation = new Observation(metrics.registry(), tracer);
    this.loop = loop;
    this.tls = tls;
    this.gate = gate;
    this.said = said;
    this.limits = limits;
    this.budgets = budgets;
  }

  /**
   * Opens a door that speaks HTTP.
   *
   * @param name what the metrics call it; stable
   * @param door sees the whole store
   * @param views makes the same door on what an access allows
   * @param readable by which origins' web pages its answers may be read in a browser
   * @return its URL, as a client on this machine would write it
   */
  String http(
      String name,
      ListenAddress address,
      Door door,
      Function<Access, Door> views,
      List<String> readable)
      throws IOException {
    HttpHandler handler =
        gate.<HttpHandler>map(asked -> new GuardedDoor(asked, door, views)).orElse(door);
    HostWhitelist hosts = tls.isPresent() ? HostWhitelist.ANY : said.whitelist(address);
    WebGuard guarded = new WebGuard(handler, hosts, readable, said.origins());
    ObservedHandler observed = new ObservedHandler(name, guarded, observation);
    HttpListener listener =
        HttpListener.start(
            address.host(), address.port(), limits.http(), observed, threads, loop, tls, budgets);
    add(name, listener);
    metrics.show(name, listener);
    return (tls.isPresent() ? "https://" : "http://") + bound(address, listener);
  }

  /**
   * Opens the operations pages: plain text, for those who ask whether a process is well. They must
   * be answered whatever the same address takes at the other doors, and whatever these do.
   */
  String ops(ListenAddress address, HttpHandler pages) throws IOException {
    Budgets apart = LimitsConfig.DEFAULT.budgets();
    add(new Part("limits of the operations pages", apart));
    HttpListener listener =
        HttpListener.startApart(
            address.host(), address.port(), limits.http(), pages, threads, apart);
    add("ops", listener);
    return "http://" + bound(address, listener);
  }

  /**
   * Opens the gRPC door.
   *
   * @param companion what is served beside the store, if anything
   * @return where it listens, as HOST:PORT
   */
  String grpc(ListenAddress address, KeyValueStore store, Optional<Companion> companion)
      throws IOException {
    InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
    GrpcSettings settings = limits.grpc().withTls(tls).withObservation(observation);
    GrpcDoor door = GrpcDoor.start(socket, settings, store, threads, companion, gate, budgets);
    add(new Part("gRPC", door));
    metrics.connections("grpc", door, GrpcDoor::connections, GrpcDoor::failedHandshakes);
    metrics.gauge("kubekv.grpc.streams", "Open watches, lists and locks", door, GrpcDoor::streams);
    return new ListenAddress(address.host(), door.port()).toString();
  }

  void add(Part door) {
    open.add(door);
  }

  private void add(String name, HttpListener listener) {
    add(
        new Part(
            name,
            () -> {
              listener.drain(DRAIN);
              listener.close();
            }));
  }

  private static ListenAddress bound(ListenAddress address, HttpListener listener) {
    return new ListenAddress(address.host(), listener.port());
  }

  /** Takes no more requests, and returns when those in flight have ended or were cut. */
  @Override
  public void close() {
    List<Callable<Boolean>> closings = new ArrayList<>();
    for (Part door : open) {
      closings.add(
          () -> {
            door.close();
            return true;
          });
    }
    try {
      threads.invokeAll(closings);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
