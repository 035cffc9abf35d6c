package io.kubekv.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * Clients that each send the next call when the answer to the last is there, as in {@link
 * ClosedLoop}, over gRPC. They share a few connections, and whoever reads an answer sends the next
 * call: no thread is woken for it, so that the time is the store's.
 */
final class GrpcLoop<Q, A> implements SideBySide.Contestant, AutoCloseable {
  private static final int CHANNELS = 4;

  /**
   * What the clients send.
   *
   * @param right whether an answer is what it must be; one that is not ends the run
   */
  record Load<Q, A>(
      MethodDescriptor<Q, A> method, Function<SplittableRandom, Q> requests, Predicate<A> right) {}

  private final String name;
  private final Load<Q, A> load;
  private final List<ManagedChannel> channels = new ArrayList<>();

  GrpcLoop(String name, StoreProcess store, Load<Q, A> load) {
    this(name, store.grpc(), load);
  }

  GrpcLoop(String name, InetSocketAddress server, Load<Q, A> load) {
    this.name = name;
    this.load = load;
    for (int i = 0; i < CHANNELS; i++) {
      channels.add(channel(server));
    }
  }

  /** A connection whose answers are handled by the thread that reads them. */
  static ManagedChannel channel(StoreProcess store) {
    return channel(store.grpc());
  }

  /** Does something with a connection of its own. */
  static void once(InetSocketAddress server, Consumer<ManagedChannel> work) {
    ManagedChannel channel = channel(server);
    try {
      work.accept(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  /** The same by an address. */
  static ManagedChannel channel(InetSocketAddress server) {
    return NettyChannelBuilder.forAddress(server).usePlaintext().directExecutor().build();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    long begun = System.nanoTime();
    List<Client> running = new ArrayList<>();
    for (int number = 0; number < clients; number++) {
      Client client = new Client(channels.get(number % CHANNELS), number, begun + time.toNanos());
      running.add(client);
      client.send();
    }
    Histogram all = new Histogram(3);
    for (Client client : running) {
      all.add(client.times());
    }
    return new ClosedLoop.Result(all, Duration.ofNanos(System.nanoTime() - begun));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** One client; after its first call only the thread of its connection uses it. */
  private final class Client implements StreamObserver<A> {
    private final ManagedChannel channel;
    private final SplittableRandom random;
    private final long end;
    private final Histogram times = new Histogram(3);
    private final CompletableFuture<Histogram> done = new CompletableFuture<>();
    private long sent;

    Client(ManagedChannel channel, int number, long end) {
      this.channel = channel;
      this.random = new SplittableRandom(number);
      this.end = end;
    }

    void send() {
      Q request = load.requests().apply(random);
      sent = System.nanoTime();
      ClientCalls.asyncUnaryCall(
          channel.newCall(load.method(), CallOptions.DEFAULT), request, this);
    }

    @Override
    public void onNext(A answer) {
      if (!load.right().test(answer)) {
        done.completeExceptionally(new IOException("was answered: " + answer));
      }
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      long now = System.nanoTime();
      times.recordValue(now - sent);
      if (now < end && !done.isDone()) {
        send();
      } else {
        done.complete(times);
      }
    }

    Histogram times() throws IOException {
      try {
        return done.get();
      } catch (ExecutionException e) {
        throw new IOException("a client of " + name + " failed: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
