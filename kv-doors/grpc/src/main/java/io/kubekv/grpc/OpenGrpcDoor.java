package io.kubekv.grpc;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.GrpcListener;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** The gRPC door while it is open. */
final class OpenGrpcDoor implements OpenDoor {
  private final GrpcListener listener;
  private final SharedServices services;
  private final Duration drain;

  /**
   * @param listener serves the services; taken over
   * @param drain how long calls in flight may take at the end
   */
  OpenGrpcDoor(GrpcListener listener, SharedServices services, Duration drain) {
    this.listener = listener;
    this.services = services;
    this.drain = drain;
  }

  /** Listens for everybody, without limits ({@link GrpcDoor#openUnguarded}). */
  static OpenGrpcDoor unguarded(
      GrpcDoor door, GrpcSettings settings, KeyValueStore store, ExecutorService threads)
      throws IOException {
    Budgets unlimited = new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE);
    return unguarded(door, settings, store, threads, unlimited);
  }

  /**
   * Listens for everybody.
   *
   * @param budgets what each client may take; stay the caller's
   */
  static OpenGrpcDoor unguarded(
      GrpcDoor door,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      Budgets budgets)
      throws IOException {
    SharedServices shared =
        new SharedServices(store, access -> store, threads, budgets.room(), settings.progress());
    GrpcListener listener =
        GrpcListener.start(
            door.address().socket(),
            settings,
            shared.services(),
            store,
            threads,
            door.companion(),
            Optional.empty(),
            budgets);
    return new OpenGrpcDoor(listener, shared, settings.drain());
  }

  @Override
  public int port() {
    return listener.port();
  }

  /** Connections that are open. */
  int connections() {
    return listener.connections();
  }

  /** Connections that ended before anything could be asked on them. */
  long failedHandshakes() {
    return listener.failedHandshakes();
  }

  /** Watches, locks and lists that are open. */
  int streams() {
    return services.open();
  }

  /**
   * Takes no more calls, frees the locks, ends the streams, lets calls in flight finish for a few
   * seconds and cancels the rest.
   */
  @Override
  public void close() {
    listener.refuse();
    try {
      services.end(drain);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      listener.close();
    }
  }
}
