package io.kubekv.grpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.client.RemoteStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.MemoryHarness;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A store in memory behind the gRPC door, and its client at the other end of a real connection,
 * which goes through a proxy that can break it.
 */
final class RemoteHarness implements StoreHarness {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final MemoryHarness inner;
  private final LostCalls losses = new LostCalls();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final OpenDoor door;
  private final FaultProxy proxy;
  private ManagedChannel channel;
  private RemoteStore store;

  RemoteHarness(StoreSpec spec) {
    inner = new MemoryHarness(spec);
    try {
      door =
          new GrpcDoor(new ListenAddress("127.0.0.1", 0), Companion.none(losses))
              .openUnguarded(
                  GrpcSettings.DEFAULT.withProgress(Duration.ofMillis(100)),
                  inner.store(),
                  threads);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    proxy = new FaultProxy(door.port());
    losses.breakWith(proxy::cut);
    channel = connect();
    store = RemoteStore.over(channel, TIMEOUT);
    store.limits();
  }

  private ManagedChannel connect() {
    return NettyChannelBuilder.forAddress("127.0.0.1", proxy.port()).usePlaintext().build();
  }

  /** What is somewhere else is asked for. */
  @Override
  public boolean knowsAtOnce() {
    return false;
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return inner.clock();
  }

  /** The store at the other end. */
  KeyValueStore behind() {
    return inner.store();
  }

  /** The connection breaks under the next read. */
  void loseNextRead() {
    losses.loseNextRead();
  }

  @Override
  public void loseNextAnswer() {
    losses.loseNext(LostCalls.Loss.ANSWER);
  }

  @Override
  public void loseNextRequest() {
    losses.loseNext(LostCalls.Loss.REQUEST);
  }

  @Override
  public void makeUnavailable() {
    proxy.setReachable(false);
  }

  @Override
  public void heal() {
    proxy.setReachable(true);
  }

  /** Returns when the client has seen it, so that what is sent next is not sent into the void. */
  @Override
  public void dropConnections() {
    CountDownLatch seen = new CountDownLatch(1);
    channel.notifyWhenStateChanged(ConnectivityState.READY, seen::countDown);
    proxy.cut();
    try {
      if (!seen.await(patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("the client has not seen that its connection ended");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void restart() {
    store.close();
    channel = connect();
    store = RemoteStore.over(channel, TIMEOUT);
  }

  @Override
  public void close() {
    store.close();
    door.close();
    proxy.close();
    inner.close();
    threads.close();
  }
}
