package io.kubekv.e2e.faults.load;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.net.ConnectException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** etcd's API version 3 over gRPC: a call is sent once. */
final class EtcdV3Door implements Door, Mortals {
  private final Duration timeout;
  private final ManagedChannel channel;
  private final Map<String, Long> leases;

  EtcdV3Door(Endpoint endpoint, Duration timeout) {
    this(endpoint, timeout, Map.of());
  }

  /**
   * @param leases of the keys that one client has put, wherever it sits
   */
  EtcdV3Door(Endpoint endpoint, Duration timeout, Map<String, Long> leases) {
    this.leases = leases;
    this.timeout = timeout;
    this.channel =
        NettyChannelBuilder.forAddress(endpoint.etcd()).usePlaintext().disableRetry().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  @Override
  public String name() {
    return "etcd-v3";
  }

  @Override
  public Set<Action> actions() {
    return EnumSet.complementOf(EnumSet.of(Action.REMOVE));
  }

  @Override
  public Answer call(Action action, String key, String value, long expected) {
    ByteString named = ByteString.copyFromUtf8(key);
    return answer(
        () ->
            switch (action) {
              case GET -> Answer.read(sight(kv().range(one(named)).getKvsList()));
              case PUT -> put(kv().put(put(named, value)));
              case CREATE ->
                  ifCreated(named, 0, RequestOp.newBuilder().setRequestPut(put(named, value)));
              case SWAP ->
                  ifChanged(
                      named, expected, RequestOp.newBuilder().setRequestPut(put(named, value)));
              case DELETE -> delete(named);
              case DELETE_IF ->
                  ifChanged(
                      named, expected, RequestOp.newBuilder().setRequestDeleteRange(gone(named)));
              case REMOVE -> throw new IllegalArgumentException("not here: " + action);
            });
  }

  private static RangeRequest one(ByteString key) {
    return RangeRequest.newBuilder().setKey(key).build();
  }

  private static PutRequest put(ByteString key, String value) {
    return PutRequest.newBuilder()
        .setKey(key)
        .setValue(ByteString.copyFromUtf8(value))
        .setPrevKv(true)
        .build();
  }

  private static DeleteRangeRequest gone(ByteString key) {
    return DeleteRangeRequest.newBuilder().setKey(key).setPrevKv(true).build();
  }

  private static Answer put(PutResponse done) {
    return new Answer(Result.DONE, before(done), done.getHeader().getRevision());
  }

  private static Sight before(PutResponse done) {
    return done.hasPrevKv() ? sight(done.getPrevKv()) : Sight.ABSENT;
  }

  private Answer delete(ByteString key) {
    var done = kv().deleteRange(gone(key));
    return done.getDeleted() == 0
        ? new Answer(Result.REFUSED, Sight.ABSENT, 0)
        : new Answer(Result.DONE, sight(done.getPrevKvsList()), done.getHeader().getRevision());
  }

  private Answer ifCreated(ByteString key, long revision, RequestOp.Builder change) {
    return transact(
        Compare.newBuilder()
            .setTarget(Compare.CompareTarget.CREATE)
            .setCreateRevision(revision)
            .setKey(key),
        key,
        change);
  }

  private Answer ifChanged(ByteString key, long revision, RequestOp.Builder change) {
    return transact(
        Compare.newBuilder()
            .setTarget(Compare.CompareTarget.MOD)
            .setModRevision(revision)
            .setKey(key),
        key,
        change);
  }

  private Answer transact(Compare.Builder condition, ByteString key, RequestOp.Builder change) {
    TxnResponse done =
        kv().txn(
                TxnRequest.newBuilder()
                    .addCompare(condition.setResult(Compare.CompareResult.EQUAL))
                    .addSuccess(change)
                    .addFailure(RequestOp.newBuilder().setRequestRange(one(key)))
                    .build());
    var told = done.getResponses(0);
    if (!done.getSucceeded()) {
      return new Answer(Result.REFUSED, sight(told.getResponseRange().getKvsList()), 0);
    }
    Sight before =
        told.hasResponsePut()
            ? before(told.getResponsePut())
            : sight(told.getResponseDeleteRange().getPrevKvsList());
    return new Answer(Result.DONE, before, done.getHeader().getRevision());
  }

  @Override
  public Optional<Listing> list(String prefix) {
    try {
      RangeResponse found = kv().range(below(prefix));
      List<ListSeen.Item> items =
          found.getKvsList().stream()
              .filter(each -> !isDirectory(each))
              .map(
                  each ->
                      new ListSeen.Item(
                          each.getKey().toStringUtf8(),
                          each.getValue().toStringUtf8(),
                          each.getModRevision()))
              .toList();
      return Optional.of(new Listing(items, found.getHeader().getRevision()));
    } catch (StatusRuntimeException failed) {
      return Optional.empty();
    }
  }

  private static RangeRequest below(String prefix) {
    return RangeRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(prefix))
        .setRangeEnd(endOf(prefix))
        .build();
  }

  /** The first key that does not begin with a prefix, which ends in a slash. */
  static ByteString endOf(String prefix) {
    return ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + '0');
  }

  /** What other APIs make of a key without a value, which nobody here puts. */
  static boolean isDirectory(KeyValue key) {
    return key.getValue().isEmpty();
  }

  @Override
  public Result look(String key) {
    Answer answer = call(Action.GET, key, "", 0);
    if (answer.result() != Result.DONE) {
      return Result.FAILED;
    }
    return answer.seen().exists() ? Result.DONE : Result.REFUSED;
  }

  /** The key is attached to a lease of its own. */
  @Override
  public Result put(String key, String value, Duration timeToLive) {
    return answer(
            () -> {
              long lease =
                  LeaseGrpc.newBlockingStub(channel)
                      .withDeadlineAfter(timeout)
                      .leaseGrant(
                          LeaseGrantRequest.newBuilder().setTTL(timeToLive.toSeconds()).build())
                      .getID();
              leases.put(key, lease);
              return put(
                  kv().put(
                          put(ByteString.copyFromUtf8(key), value).toBuilder()
                              .setLease(lease)
                              .build()));
            })
        .result();
  }

  @Override
  public Result refresh(String key, Duration timeToLive) {
    Long lease = leases.get(key);
    if (lease == null) {
      return Result.FAILED; // nobody granted one
    }
    return answer(() -> keepAlive(lease)).result();
  }

  private Answer keepAlive(long lease) {
    CompletableFuture<LeaseKeepAliveResponse> coming = new CompletableFuture<>();
    StreamObserver<LeaseKeepAliveRequest> stream =
        LeaseGrpc.newStub(channel).withDeadlineAfter(timeout).leaseKeepAlive(new First(coming));
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
    stream.onCompleted();
    try {
      boolean alive = coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS).getTTL() > 0;
      return alive ? Answer.DONE : Answer.REFUSED;
    } catch (ExecutionException failed) {
      throw Status.fromThrowable(failed.getCause()).asRuntimeException();
    } catch (TimeoutException late) {
      return Answer.UNKNOWN;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a client was interrupted", stopped);
    }
  }

  private record First(CompletableFuture<LeaseKeepAliveResponse> told)
      implements StreamObserver<LeaseKeepAliveResponse> {
    @Override
    public void onNext(LeaseKeepAliveResponse answer) {
      told.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
      told.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      told.completeExceptionally(Status.UNAVAILABLE.asRuntimeException());
    }
  }

  private static Answer answer(Supplier<Answer> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException failed) {
      return isCertain(failed.getStatus()) ? Answer.FAILED : Answer.UNKNOWN;
    }
  }

  /**
   * Whether nothing was done: "no leader" says so, and a call without a connection was not sent.
   */
  private static boolean isCertain(Status status) {
    String text = String.valueOf(status.getDescription());
    return switch (status.getCode()) {
      case UNAVAILABLE ->
          text.equals("etcdserver: no leader") || status.getCause() instanceof ConnectException;
      case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, FAILED_PRECONDITION, NOT_FOUND, UNIMPLEMENTED ->
          true;
      default -> false;
    };
  }

  private static Sight sight(List<KeyValue> found) {
    return found.isEmpty() ? Sight.ABSENT : sight(found.getFirst());
  }

  /** What a key and its value tell. */
  static Sight sight(KeyValue found) {
    return Sight.of(found.getValue().toStringUtf8(), found.getModRevision());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
