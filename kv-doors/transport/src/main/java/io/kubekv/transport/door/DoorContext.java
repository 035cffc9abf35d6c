package io.kubekv.transport.door;

import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcListener;
import io.kubekv.transport.grpc.GrpcServices;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.grpc.PassedConnections;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.http.HostWhitelist;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.WebGuard;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.ObservedHandler;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tcp.TcpLimits;
import io.kubekv.transport.tcp.TcpListener;
import io.kubekv.transport.tcp.TcpProtocol;
import io.kubekv.transport.tls.Certificates;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All that a door gets. It stays the caller's, who closes what is in it after the doors.
 *
 * @param threads virtual ones, which may block
 * @param loop serves the connections of doors that speak HTTP
 * @param tls whose certificates are shown and asked for; absent: plain text
 * @param gate knows who comes in and what they may; absent: everybody may everything
 * @param metrics where a door's figures are shown
 * @param tracer follows requests
 * @param http what a client may make a door hold that speaks HTTP
 * @param grpc the same of those that speak gRPC
 * @param web what is let in of the web
 */
public record DoorContext(
    ExecutorService threads,
    EventLoop loop,
    Optional<Certificates> tls,
    Optional<Gate> gate,
    Metrics metrics,
    Tracer tracer,
    HttpLimits http,
    GrpcSettings grpc,
    WebRules web,
    DoorStore store) {
  /** What each client may take. */
  public Budgets budgets() {
    return store.budgets();
  }

  /**
   * The store for an API of a door, which its changes name.
   *
   * @param api a name that stays, such as {@code etcd-v2}
   */
  public DoorViews store(String api) {
    return store.by(api);
  }

  private Observation observation() {
    return new Observation(metrics.registry(), tracer);
  }

  /**
   * Listens for a door that speaks HTTP.
   *
   * @param dialect sees the whole store; taken over, and closed also when it cannot listen
   * @param views makes the same on what an access allows
   * @param readable by which origins' web pages its answers may be read in a browser
   */
  public OpenDoor http(
      Door door, Dialect dialect, Function<Access, Dialect> views, List<String> readable)
      throws IOException {
    try {
      return listening(door, dialect, views, readable, Optional.empty());
    } catch (IOException | RuntimeException cannotListen) {
      dialect.close();
      throw cannotListen;
    }
  }

  private OpenDoor listening(
      Door door,
      Dialect dialect,
      Function<Access, Dialect> views,
      List<String> readable,
      Optional<Consumer<Channel>> http2)
      throws IOException {
    HttpListener listener =
        HttpListener.start(
            door.address().host(),
            door.address().port(),
            http,
            around(door, dialect, views, readable),
            threads,
            loop,
            tls,
            budgets(),
            http2);
    try {
      metrics.show(door.name(), listener);
    } catch (RuntimeException notShown) {
      listener.close();
      throw notShown;
    }
    return new HttpDoor(listener, dialect);
  }

  /** With all that stands around it. */
  HttpHandler around(
      Door door, Dialect dialect, Function<Access, Dialect> views, List<String> readable) {
    HostWhitelist hosts = tls.isPresent() ? HostWhitelist.ANY : web.hosts().apply(door.address());
    return around(door, dialect, views, readable, hosts);
  }

  private HttpHandler around(
      Door door,
      Dialect dialect,
      Function<Access, Dialect> views,
      List<String> readable,
      HostWhitelist hosts) {
    HttpHandler guarded =
        gate.<HttpHandler>map(asked -> new GuardedDoor(asked, dialect, views)).orElse(dialect);
    WebGuard shielded = new WebGuard(guarded, hosts, readable, web.origins());
    return new ObservedHandler(door.name(), shielded, observation());
  }

  /**
   * Opens a door that is a part of the operations pages, which are plain text: it is called by the
   * names that plain text may be called by, whatever the other doors speak.
   *
   * @param door whose address is that of the operations pages
   * @param path how the paths of its requests begin
   * @param dialect as of {@link #http}
   * @param views as of {@link #http}
   */
  public OpenDoor onOperationsPort(
      Door door, String path, Dialect dialect, Function<Access, Dialect> views) {
    HostWhitelist hosts = web.hosts().apply(door.address());
    HttpHandler pages = around(door, dialect, views, List.of(), hosts);
    return new OpsDoor(door.address().port(), Map.of(path, pages), dialect);
  }

  /**
   * Listens for a door that speaks gRPC.
   *
   * @param services on what an access allows of this door's view of the store
   * @param companion what is served beside them
   */
  public GrpcListener grpc(Door door, GrpcServices services, Companion companion)
      throws IOException {
    return shown(
        services.door(),
        GrpcListener.start(
            door.address().socket(),
            grpc.withTls(tls).withObservation(observation()),
            services,
            store.store(),
            threads,
            companion,
            gate,
            budgets()));
  }

  private GrpcListener shown(String name, GrpcListener listener) {
    try {
      metrics.connections(
          name, listener, GrpcListener::connections, GrpcListener::failedHandshakes);
    } catch (RuntimeException notShown) {
      listener.close();
      throw notShown;
    }
    return listener;
  }

  /**
   * Listens for a door that speaks HTTP/1.1 and gRPC on one port: a connection's first bytes tell
   * which.
   *
   * @param http as of {@link #http}
   * @param services as of {@link #grpc}, under a name of its own
   */
  public SharedPort both(Door door, HttpApi http, GrpcServices services) throws IOException {
    try {
      PassedConnections passed = new PassedConnections(loop.netty());
      GrpcListener calls =
          GrpcListener.behind(
              passed,
              grpc.withTls(tls).withObservation(observation()),
              services,
              store.store(),
              threads,
              Companion.none(),
              gate,
              budgets());
      try {
        shown(services.door(), calls);
        OpenDoor requests =
            listening(door, http.whole(), http.views(), http.readable(), Optional.of(passed::pass));
        return new SharedPort(requests, calls);
      } catch (IOException | RuntimeException cannotListen) {
        calls.close();
        throw cannotListen;
      }
    } catch (IOException | RuntimeException cannotListen) {
      http.whole().close();
      throw cannotListen;
    }
  }

  /**
   * Listens for a door that speaks a protocol of its own over TCP. Who asks, and what they may, the
   * protocol finds out itself: by {@link #gate}, and {@link View#of}.
   *
   * @param pages what it shows on the operations port, as {@link OpenDoor#pages}
   * @param closed is called once nothing comes in any more
   */
  public OpenDoor tcp(
      Door door, TcpProtocol protocol, Map<String, HttpHandler> pages, Runnable closed)
      throws IOException {
    TcpLimits limits =
        new TcpLimits(http.maxConnections(), http.maxConnectionsOfClient(), http.readTimeout());
    TcpListener listener =
        TcpListener.start(
            door.name(),
            door.address().host(),
            door.address().port(),
            limits,
            protocol,
            loop,
            tls,
            budgets(),
            observation());
    try {
      metrics.connections(
          door.name(), listener, TcpListener::connections, TcpListener::failedHandshakes);
    } catch (RuntimeException notShown) {
      listener.close();
      throw notShown;
    }
    return new TcpDoor(listener, pages, closed);
  }
}
