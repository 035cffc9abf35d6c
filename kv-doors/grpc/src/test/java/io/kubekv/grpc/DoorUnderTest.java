package io.kubekv.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.limits.Budgets;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The door over a store in memory and real time, and a channel to it. */
final class DoorUnderTest implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final GrpcDoor ON_ANY_PORT =
      new GrpcDoor(new ListenAddress("127.0.0.1", 0), Companion.none());

  private final KeyValueStore store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final OpenGrpcDoor door;
  private final ManagedChannel channel;

  DoorUnderTest() throws IOException {
    this(EngineStore.inMemory(), GrpcSettings.DEFAULT);
  }

  DoorUnderTest(KeyValueStore store, GrpcSettings settings) throws IOException {
    this.store = store;
    door = OpenGrpcDoor.unguarded(ON_ANY_PORT, settings, store, threads);
    channel = connect();
  }

  /**
   * On listings that are taken piece by piece.
   *
   * @param budgets what clients may take; stay the caller's
   */
  DoorUnderTest(KeyValueStore store, Budgets budgets) throws IOException {
    this.store = store;
    door =
        OpenGrpcDoor.unguarded(
            ON_ANY_PORT,
            GrpcSettings.DEFAULT,
            LimitedStore.inPieces(
                store, budgets, new StoreBound(store, Long.MAX_VALUE, budgets.hits())),
            threads,
            budgets);
    channel = connect();
  }

  KeyValueStore store() {
    return store;
  }

  OpenGrpcDoor door() {
    return door;
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Another connection; the caller's to close. */
  ManagedChannel connect() {
    return connect(door.port());
  }

  /** A connection by another way. */
  static ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    door.close();
    store.close();
    threads.close();
  }
}
