package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.ClusterGrpc;
import io.kubekv.etcdv3.wire.ElectionGrpc;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LockGrpc;
import io.kubekv.etcdv3.wire.MaintenanceGrpc;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** A server that speaks etcd v3, and a client of it. */
final class Served implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As large as etcd takes. */
  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT.withLimits(new Limits(4096, 2 << 20, 128, 1_000_000));

  private static final int MAX_WATCHES = 50_000;

  private final ManagedChannel channel;
  private final int httpPort;
  private final List<AutoCloseable> behind;

  private final Canceled canceled;

  /**
   * One for each call that its client has given up.
   *
   * @param known as soon as it is known
   * @param told when the call itself was told, after what was done for it
   */
  private record Canceled(Semaphore known, Semaphore told) {
    Canceled() {
      this(new Semaphore(0), new Semaphore(0));
    }
  }

  private Served(int port, List<AutoCloseable> behind) {
    this(port, port, behind, new Canceled());
  }

  private Served(int port, int httpPort, List<AutoCloseable> behind, Canceled canceled) {
    this.httpPort = httpPort;
    this.behind = behind;
    this.canceled = canceled;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  /** The real one; it answers. */
  static Served etcd() {
    RealEtcd etcd = RealEtcd.start();
    Served served = new Served(etcd.port(), List.of(etcd));
    var unused =
        served
            .kv()
            .withWaitForReady()
            .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("any")).build());
    return served;
  }

  /** The door over a store in memory. */
  static Served kubekv() {
    return kubekv(Duration.ofMinutes(10));
  }

  /**
   * The same.
   *
   * @param progress how often quiet watches are told how far they have come
   */
  static Served kubekv(Duration progress) {
    return kubekv(progress, store -> store);
  }

  static Served kubekv(Duration progress, UnaryOperator<KeyValueStore> seen) {
    return kubekv(progress, seen, new OneMember());
  }

  /**
   * The same.
   *
   * @param seen what a call sees of the store; asked for each call
   */
  static Served kubekv(Duration progress, UnaryOperator<KeyValueStore> seen, OneMember members) {
    return kubekv(progress, seen, members, new Budgets(ClientLimits.DEFAULT, MAX_WATCHES));
  }

  /**
   * The same.
   *
   * @param budgets of whoever calls, who are all one client; closed with it
   */
  static Served kubekv(
      Duration progress, UnaryOperator<KeyValueStore> seen, OneMember members, Budgets budgets) {
    EngineStore store = EngineStore.inMemory(SETTINGS);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    EtcdV3Services door =
        new EtcdV3Services(
            new Setup(
                () -> seen.apply(store),
                store,
                members,
                Optional.of(OneMember::login),
                threads,
                timer,
                System::nanoTime,
                progress,
                budgets.room()));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0));
    door.services().forEach(builder::addService);
    Canceled canceled = new Canceled();
    builder.intercept(telling(canceled));
    builder.intercept(ofOneClient(budgets.of("client")));
    try {
      Server server = builder.maxInboundMessageSize(2 << 20).build().start();
      GatewayPort http = GatewayPort.open(door, threads);
      List<AutoCloseable> behind = new ArrayList<>();
      behind.add(http);
      behind.add(() -> server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS));
      behind.add(door);
      behind.add(store);
      behind.add(budgets);
      behind.add(timer::shutdownNow);
      behind.add(threads);
      return new Served(server.getPort(), http.port(), behind, canceled);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Says when a client has given up. */
  private static ServerInterceptor telling(Canceled canceled) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context.CancellationListener known =
            context -> {
              if (context.cancellationCause() != null) {
                canceled.known().release();
              }
            };
        Context.current().addListener(known, Runnable::run);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
          @Override
          public void onCancel() {
            super.onCancel();
            canceled.told().release();
          }
        };
      }
    };
  }

  /** As the listener of a server has it. */
  private static ServerInterceptor ofOneClient(Budget budget) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Use use = budget.begin();
        Runnable end = once(() -> use.end(0));
        ServerCall<Q, A> ending =
            new SimpleForwardingServerCall<>(call) {
              @Override
              public void close(Status status, Metadata trailers) {
                super.close(status, trailers);
                end.run();
              }
            };
        return new SimpleForwardingServerCallListener<>(
            use.call(() -> next.startCall(ending, headers))) {
          @Override
          public void onCancel() {
            super.onCancel();
            end.run();
          }
        };
      }
    };
  }

  private static Runnable once(Runnable work) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        work.run();
      }
    };
  }

  /** Waits until a call has been told that its client has given it up. */
  void awaitCanceled() throws InterruptedException {
    assertThat(canceled.told().tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** Waits until the server knows that a client has given up a call, whatever that does. */
  void awaitKnownAsCanceled() throws InterruptedException {
    assertThat(canceled.known().tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** How many watches are open, of the door. */
  int watches() {
    return behind.stream()
        .filter(EtcdV3Services.class::isInstance)
        .mapToInt(door -> ((EtcdV3Services) door).watchCount())
        .sum();
  }

  /** Ends what the door has open, and leaves the rest as it is. */
  void stopDoor() {
    behind.stream()
        .filter(EtcdV3Services.class::isInstance)
        .forEach(door -> ((EtcdV3Services) door).close());
  }

  /** A connection to where it speaks HTTP. */
  RawHttp http() throws IOException {
    return new RawHttp(new InetSocketAddress("127.0.0.1", httpPort));
  }

  ManagedChannel channel() {
    return channel;
  }

  /** The same connection, whose calls name another authority. */
  Channel channelTo(String authority) {
    return ClientInterceptors.intercept(
        channel,
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withAuthority(authority));
          }
        });
  }

  KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  LeaseGrpc.LeaseBlockingStub lease() {
    return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
    return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  ClusterGrpc.ClusterBlockingStub cluster() {
    return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  LockGrpc.LockBlockingStub lock() {
    return LockGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  ElectionGrpc.ElectionBlockingStub election() {
    return ElectionGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE);
  }

  Watching watching() {
    return new Watching(channel);
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow();
    channel.awaitTermination(10, TimeUnit.SECONDS);
    for (AutoCloseable each : behind) {
      each.close();
    }
  }
}
