package io.kubekv.grpc;

import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcListener;
import io.kubekv.transport.grpc.GrpcServices;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.wire.Errors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** The gRPC door while it is open. */
public final class OpenGrpcDoor implements OpenDoor {
  private final GrpcListener listener;
  private final Streams streams;
  private final KeyLocks locks;
  private final SessionsService sessions;
  private final Duration drain;

  private OpenGrpcDoor(
      GrpcListener listener,
      Streams streams,
      KeyLocks locks,
      SessionsService sessions,
      Duration drain) {
    this.listener = listener;
    this.streams = streams;
    this.locks = locks;
    this.sessions = sessions;
    this.drain = drain;
  }

  /**
   * Listens.
   *
   * @param address where; port 0 for any free one
   * @param threads virtual threads; not taken over
   * @param interceptors see every call first
   * @throws IOException when the address cannot be bound
   */
  public static OpenGrpcDoor start(
      InetSocketAddress address,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      ServerInterceptor... interceptors)
      throws IOException {
    Budgets unlimited = new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE);
    Companion none = Companion.none(interceptors);
    return start(address, settings, store, threads, none, Optional.empty(), unlimited);
  }

  /**
   * Listens, and serves what goes with it.
   *
   * @param companion what is served beside the store
   * @param gate knows who calls and what they may; absent: everybody may everything
   * @param budgets what each client may take; stay the caller's
   */
  public static OpenGrpcDoor start(
      InetSocketAddress address,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      Companion companion,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    Streams streams = new Streams(threads, budgets.room());
    KeyLocks locks = new KeyLocks(store, threads);
    SessionsService sessions = new SessionsService(store, streams);
    GrpcServices services =
        new GrpcServices(
            GrpcDoor.NAME,
            access -> services(store, access, streams, locks, sessions, settings, threads),
            Set.of(KeyValueGrpc.getGetMethod().getFullMethodName()),
            Set.of(
                KeyValueGrpc.getWatchMethod().getFullMethodName(),
                LocksGrpc.getLockMethod().getFullMethodName()),
            Errors::toWire);
    GrpcListener listener =
        GrpcListener.start(address, settings, services, store, threads, companion, gate, budgets);
    return new OpenGrpcDoor(listener, streams, locks, sessions, settings.drain());
  }

  /** Made for each user: what all share is among the arguments. */
  private static List<ServerServiceDefinition> services(
      KeyValueStore store,
      Access access,
      Streams streams,
      KeyLocks locks,
      SessionsService sessions,
      GrpcSettings settings,
      ExecutorService threads) {
    KeyValueStore view = access.equals(Access.ALL) ? store : new GuardedStore(store, access);
    return List.of(
        new KeyValueService(view, streams, threads, settings.progress()).bindService(),
        sessions.on(view).bindService(),
        new LocksService(locks, store.limits(), access).bindService());
  }

  @Override
  public int port() {
    return listener.port();
  }

  /** Connections that are open. */
  public int connections() {
    return listener.connections();
  }

  /** Connections that ended before anything could be asked on them. */
  public long failedHandshakes() {
    return listener.failedHandshakes();
  }

  /** Watches, locks and lists that are open. */
  public int streams() {
    return streams.count() + locks.count();
  }

  /**
   * Takes no more calls, frees the locks, ends the streams, lets calls in flight finish for a few
   * seconds and cancels the rest.
   */
  @Override
  public void close() {
    listener.refuse();
    try {
      locks.end(drain);
      streams.end();
      sessions.end();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      listener.close();
    }
  }
}
