package io.kubekv.grpc;

import io.grpc.ServerServiceDefinition;
import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.grpc.GrpcServices;
import io.kubekv.transport.limits.Room;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/** The door's services, which are made for each user, and what all of them share. */
final class SharedServices {
  private final KeyValueStore store;
  private final Function<Access, KeyValueStore> views;
  private final ExecutorService threads;
  private final Duration progress;
  private final Streams streams;
  private final KeyLocks locks;
  private final SessionsService sessions;

  /**
   * @param store all of it
   * @param views what an access allows of it
   * @param threads virtual threads; not taken over
   * @param room for what streams keep in memory until they are read
   * @param progress how long a quiet watch waits before it says how far it has come
   */
  SharedServices(
      KeyValueStore store,
      Function<Access, KeyValueStore> views,
      ExecutorService threads,
      Room room,
      Duration progress) {
    this.store = store;
    this.views = views;
    this.threads = threads;
    this.progress = progress;
    this.streams = new Streams(threads, room);
    this.locks = new KeyLocks(store, threads);
    this.sessions = new SessionsService(store, streams);
  }

  /** As a listener takes them. */
  GrpcServices services() {
    return new GrpcServices(
        GrpcDoor.NAME,
        this::on,
        Set.of(KeyValueGrpc.getGetMethod().getFullMethodName()),
        Set.of(
            KeyValueGrpc.getWatchMethod().getFullMethodName(),
            LocksGrpc.getLockMethod().getFullMethodName()),
        Errors::toWire,
        Set.of(),
        GrpcServices::authorization);
  }

  private List<ServerServiceDefinition> on(Access access) {
    KeyValueStore view = views.apply(access);
    return List.of(
        new KeyValueService(view, streams, threads, progress).bindService(),
        sessions.on(view).bindService(),
        new LocksService(locks, store.limits(), access).bindService());
  }

  /** Watches, locks and lists that are open. */
  int open() {
    return streams.count() + locks.count();
  }

  /**
   * Frees the locks, and ends the streams.
   *
   * @param patience how long freeing may take
   */
  void end(Duration patience) throws InterruptedException {
    locks.end(patience);
    streams.end();
    sessions.end();
  }
}
