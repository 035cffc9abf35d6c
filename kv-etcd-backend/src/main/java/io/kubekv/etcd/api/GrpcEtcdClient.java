package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.kubekv.etcd.Channels;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.LoginToken;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** {@link EtcdClient} by jetcd's messages on one channel to all members. */
public final class GrpcEtcdClient implements EtcdClient {
  /** A log has few: more are a mistake, or an etcd that does not answer. */
  private static final int MOST_IN_FLIGHT = 64;

  private final ManagedChannel channel;
  private final Channel calls;
  private final LoginToken token;
  private final WatchGrpc.WatchStub watches;
  private final Duration timeout;
  private final AtomicInteger inFlight = new AtomicInteger();

  private GrpcEtcdClient(ManagedChannel channel, LoginToken token, Duration timeout) {
    this.channel = channel;
    this.token = token;
    this.timeout = timeout;
    this.calls = ClientInterceptors.intercept(channel, token);
    // a member without a leader ends the stream instead of going quiet
    this.watches =
        WatchGrpc.newStub(calls)
            .withExecutor(Runnable::run)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Channels.requireLeader()));
  }

  /**
   * Connects when it is first used.
   *
   * @param timeout how long a request may take
   */
  public static GrpcEtcdClient connect(EtcdAccess access, Duration timeout) {
    ManagedChannel channel = Channels.open(access);
    return new GrpcEtcdClient(channel, new LoginToken(channel, access.login()), timeout);
  }

  @Override
  public CompletableFuture<RangeResponse> range(RangeRequest request) {
    return unary(KVGrpc.getRangeMethod(), request);
  }

  @Override
  public CompletableFuture<TxnResponse> txn(TxnRequest request) {
    return unary(KVGrpc.getTxnMethod(), request);
  }

  @Override
  public CompletableFuture<Long> grant(long seconds) {
    return unary(
            LeaseGrpc.getLeaseGrantMethod(), LeaseGrantRequest.newBuilder().setTTL(seconds).build())
        .thenApply(LeaseGrantResponse::getID);
  }

  @Override
  public CompletableFuture<Duration> keepAlive(long lease) {
    LeaseKeepAliveRequest request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveResponse> method =
        LeaseGrpc.getLeaseKeepAliveMethod();
    return bounded(
            () -> {
              FirstAnswer<LeaseKeepAliveResponse> answer = new FirstAnswer<>();
              ClientCalls.asyncServerStreamingCall(call(method), request, answer);
              return answer.future();
            })
        .thenApply(answer -> Duration.ofSeconds(Math.max(0, answer.getTTL())));
  }

  @Override
  public CompletableFuture<Void> revoke(long lease) {
    return unary(
            LeaseGrpc.getLeaseRevokeMethod(), LeaseRevokeRequest.newBuilder().setID(lease).build())
        .thenAccept(revoked -> {});
  }

  @Override
  public Stream watch(ByteString from, ByteString end, long revision, Watcher watcher) {
    WatchCreateRequest create =
        WatchCreateRequest.newBuilder()
            .setKey(from)
            .setRangeEnd(end)
            .setStartRevision(revision)
            .build();
    WatchStream stream = new WatchStream(watcher, token);
    var unused =
        token
            .ready()
            .whenComplete(
                (ready, failure) -> {
                  if (failure == null) {
                    stream.open(watches, create);
                  } else {
                    stream.onError(failure);
                  }
                });
    return stream;
  }

  private <Q, A> CompletableFuture<A> unary(MethodDescriptor<Q, A> method, Q request) {
    Supplier<CompletableFuture<A>> attempt =
        () -> {
          FirstAnswer<A> answer = new FirstAnswer<>();
          ClientCalls.asyncUnaryCall(call(method), request, answer);
          return answer.future();
        };
    return bounded(attempt);
  }

  private <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method) {
    return calls.newCall(
        method,
        CallOptions.DEFAULT
            .withExecutor(Runnable::run)
            .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }

  private <A> CompletableFuture<A> bounded(Supplier<CompletableFuture<A>> attempt) {
    if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return CompletableFuture.failedFuture(
          new EtcdFailure(EtcdFailure.Kind.OVERLOADED, "too many requests wait for etcd"));
    }
    return withToken(attempt)
        .exceptionallyCompose(
            failure ->
                token.renewable() && Answers.failure(failure).kind() == EtcdFailure.Kind.LOGIN_ENDED
                    ? withToken(attempt)
                    : CompletableFuture.failedFuture(Answers.failure(failure)))
        .whenComplete((answer, failure) -> inFlight.decrementAndGet());
  }

  private <A> CompletableFuture<A> withToken(Supplier<CompletableFuture<A>> attempt) {
    return token
        .ready()
        .thenCompose(ready -> attempt.get())
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(token.noted(Answers.failure(failure))));
  }

  @Override
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
