package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.etcdv3.wire.CampaignRequest;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.HashKVRequest;
import io.kubekv.etcdv3.wire.LeaderKey;
import io.kubekv.etcdv3.wire.LeaderRequest;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.etcdv3.wire.LeaseLeasesRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LockRequest;
import io.kubekv.etcdv3.wire.ProclaimRequest;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.ResignRequest;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.UnlockRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The door for a user who may do everything below {@code /a/}, and nothing elsewhere. */
final class AccessTest {
  private static final String DENIED = "PERMISSION_DENIED: etcdserver: permission denied";
  private static final ByteString OWN = text("/a/");
  private static final ByteString OWN_END = text("/a0");
  private static final ByteString OTHER = text("/b/k");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Gate gate =
      new Gate(
          "kv",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), false),
          (user, verb, path) -> path.startsWith("/kv/kv//a/") || path.equals("/sessions/kv"),
          Duration.ofSeconds(10),
          Audit.NONE,
          threads);

  /** Whose calls are made next. */
  private volatile boolean isRestricted = true;

  private final Served served = Served.kubekv(Duration.ofMinutes(10), this::seen);

  private KeyValueStore seen(KeyValueStore whole) {
    return isRestricted ? new GuardedStore(whole, gate.access(new User("ann", List.of()))) : whole;
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
    gate.close();
    threads.close();
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static PutRequest put(ByteString key) {
    return PutRequest.newBuilder().setKey(key).setValue(text("v")).build();
  }

  private static RangeRequest range(ByteString key, ByteString end) {
    return RangeRequest.newBuilder().setKey(key).setRangeEnd(end).build();
  }

  private static DeleteRangeRequest delete(ByteString key, ByteString end) {
    return DeleteRangeRequest.newBuilder().setKey(key).setRangeEnd(end).build();
  }

  private static String outcome(Supplier<?> call) {
    try {
      var unused = call.get();
      return "answered";
    } catch (StatusRuntimeException failed) {
      Status status = failed.getStatus();
      return status.getCode() + ": " + status.getDescription();
    }
  }

  private String put(ByteString key, long lease) {
    return outcome(() -> served.kv().put(put(key).toBuilder().setLease(lease).build()));
  }

  private String ranged(ByteString key, ByteString end) {
    return outcome(() -> served.kv().range(range(key, end)));
  }

  private String deleted(ByteString key, ByteString end) {
    return outcome(() -> served.kv().deleteRange(delete(key, end)));
  }

  private void asAnybody(Runnable change) {
    isRestricted = false;
    change.run();
    isRestricted = true;
  }

  private long count(ByteString key) {
    isRestricted = false;
    long count = served.kv().range(range(key, ByteString.EMPTY)).getCount();
    isRestricted = true;
    return count;
  }

  @Test
  void keys_areReadPutAndDeleted_whereThatIsGranted() {
    ByteString own = OWN.concat(text("k"));
    asAnybody(() -> assertThat(put(OTHER, 0)).isEqualTo("answered"));

    assertThat(put(own, 0)).isEqualTo("answered");
    assertThat(put(OTHER, 0)).isEqualTo(DENIED);
    assertThat(put(text("/a"), 0)).isEqualTo(DENIED);
    assertThat(ranged(own, ByteString.EMPTY)).isEqualTo("answered");
    assertThat(ranged(OTHER, ByteString.EMPTY)).isEqualTo(DENIED);
    assertThat(ranged(text("/none"), ByteString.EMPTY)).isEqualTo(DENIED);
    assertThat(deleted(OTHER, ByteString.EMPTY)).isEqualTo(DENIED);
    assertThat(count(OTHER)).isEqualTo(1);
    assertThat(deleted(own, ByteString.EMPTY)).isEqualTo("answered");
  }

  @Test
  void ranges_needAGrantThatCoversThem() {
    ByteString nul = ByteString.copyFrom(new byte[1]);

    assertThat(ranged(OWN, OWN_END)).isEqualTo("answered");
    assertThat(ranged(text("/a/k"), text("/a/l"))).isEqualTo("answered");
    assertThat(ranged(text("/a"), text("/a0"))).isEqualTo(DENIED);
    assertThat(ranged(OWN, text("/a1"))).isEqualTo(DENIED);
    assertThat(ranged(OWN, nul)).isEqualTo(DENIED);
    assertThat(ranged(nul, nul)).isEqualTo(DENIED);
    assertThat(deleted(OWN, OWN_END)).isEqualTo("answered");
    assertThat(deleted(OWN, nul)).isEqualTo(DENIED);
    RangeRequest counting = range(nul, nul).toBuilder().setCountOnly(true).build();
    assertThat(outcome(() -> served.kv().range(counting))).isEqualTo(DENIED);
  }

  private String done(TxnRequest.Builder txn) {
    return outcome(() -> served.kv().txn(txn.build()));
  }

  private static RequestOp op(PutRequest put) {
    return RequestOp.newBuilder().setRequestPut(put).build();
  }

  @Test
  void transactions_needAGrantOfAllThatTheyMayDo() {
    PutRequest own = put(OWN.concat(text("k")));
    Compare.Builder compare =
        Compare.newBuilder().setTarget(Compare.CompareTarget.VERSION).setVersion(9);

    assertThat(done(TxnRequest.newBuilder().addSuccess(op(own)))).isEqualTo("answered");
    assertThat(done(TxnRequest.newBuilder().addSuccess(op(own)).addFailure(op(put(OTHER)))))
        .isEqualTo(DENIED);
    assertThat(done(TxnRequest.newBuilder().addCompare(compare.setKey(OTHER)).addSuccess(op(own))))
        .isEqualTo(DENIED);
    RequestOp nested =
        RequestOp.newBuilder()
            .setRequestTxn(TxnRequest.newBuilder().addSuccess(op(put(OTHER))))
            .build();
    assertThat(done(TxnRequest.newBuilder().addSuccess(nested))).isEqualTo(DENIED);
    RequestOp past =
        RequestOp.newBuilder()
            .setRequestRange(range(OTHER, ByteString.EMPTY).toBuilder().setRevision(1))
            .build();
    assertThat(done(TxnRequest.newBuilder().addSuccess(past))).isEqualTo(DENIED);
    assertThat(count(OTHER)).isZero();
  }

  @Test
  void watches_needAGrantThatCoversThem() throws Exception {
    try (Watching watching = served.watching()) {
      watching.create(WatchCreateRequest.newBuilder().setKey(OTHER).setWatchId(3));
      WatchResponse refused = watching.next();
      assertThat(refused.getCreated()).isTrue();
      assertThat(refused.getCanceled()).isTrue();
      assertThat(refused.getWatchId()).isEqualTo(-1);
      assertThat(refused.getCancelReason())
          .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
      watching.create(WatchCreateRequest.newBuilder().setKey(OWN).setRangeEnd(text("/b")));
      assertThat(watching.next().getCanceled()).isTrue();

      watching.create(WatchCreateRequest.newBuilder().setKey(OWN).setRangeEnd(OWN_END));
      assertThat(watching.next().getCanceled()).isFalse();
      asAnybody(() -> assertThat(put(OTHER, 0)).isEqualTo("answered"));
      assertThat(put(OWN.concat(text("k")), 0)).isEqualTo("answered");
      assertThat(watching.next().getEvents(0).getKv().getKey()).isEqualTo(text("/a/k"));
    }
  }

  private long grant() {
    return served.lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1000).build()).getID();
  }

  private String told(long lease, boolean keys) {
    LeaseTimeToLiveRequest asked =
        LeaseTimeToLiveRequest.newBuilder().setID(lease).setKeys(keys).build();
    return outcome(() -> served.lease().leaseTimeToLive(asked));
  }

  private String revoked(long lease) {
    return outcome(
        () -> served.lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build()));
  }

  private String renewed(long lease) throws Exception {
    CompletableFuture<String> renewed = new CompletableFuture<>();
    StreamObserver<LeaseKeepAliveRequest> renewals =
        LeaseGrpc.newStub(served.channel())
            .leaseKeepAlive(
                new StreamObserver<LeaseKeepAliveResponse>() {
                  @Override
                  public void onNext(LeaseKeepAliveResponse answer) {
                    renewed.complete("answered");
                  }

                  @Override
                  public void onError(Throwable failure) {
                    Status status = Status.fromThrowable(failure);
                    renewed.complete(status.getCode() + ": " + status.getDescription());
                  }

                  @Override
                  public void onCompleted() {}
                });
    renewals.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
    String how = renewed.get(20, TimeUnit.SECONDS);
    renewals.onCompleted();
    return how;
  }

  @Test
  void leases_areOneUsersWithTheirKeys() throws Exception {
    long lease = grant();
    assertThat(put(OWN.concat(text("k")), lease)).isEqualTo("answered");

    assertThat(told(lease, true)).isEqualTo("answered");
    assertThat(renewed(lease)).isEqualTo("answered");
    assertThat(outcome(() -> served.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance())))
        .isEqualTo("answered");
    assertThat(revoked(lease)).isEqualTo("answered");
    assertThat(count(OWN.concat(text("k")))).isZero();
  }

  @Test
  void leasesWithKeysOfOthers_areNotEndedRenewedOrLookedInto() throws Exception {
    long lease = grant();
    assertThat(put(OWN.concat(text("k")), lease)).isEqualTo("answered");
    asAnybody(() -> assertThat(put(OTHER, lease)).isEqualTo("answered"));

    assertThat(told(lease, true)).isEqualTo(DENIED);
    assertThat(told(lease, false)).isEqualTo("answered");
    assertThat(renewed(lease)).isEqualTo(DENIED);
    assertThat(revoked(lease)).isEqualTo(DENIED);
    assertThat(count(OTHER)).isEqualTo(1);
    asAnybody(() -> assertThat(revoked(lease)).isEqualTo("answered"));
    assertThat(count(OTHER)).isZero();
  }

  @Test
  void locks_needAGrantOfTheirKeys() {
    ByteString own =
        served.lock().lock(LockRequest.newBuilder().setName(text("/a/l")).build()).getKey();

    assertThat(outcome(() -> served.lock().lock(LockRequest.newBuilder().setName(OTHER).build())))
        .isEqualTo(DENIED);
    assertThat(
            outcome(() -> served.lock().unlock(UnlockRequest.newBuilder().setKey(OTHER).build())))
        .isEqualTo(DENIED);
    assertThat(outcome(() -> served.lock().unlock(UnlockRequest.newBuilder().setKey(own).build())))
        .isEqualTo("answered");
  }

  @Test
  void elections_needAGrantOfTheirKeys() {
    LeaderKey own =
        served
            .election()
            .campaign(CampaignRequest.newBuilder().setName(text("/a/e")).build())
            .getLeader();
    LeaderKey other = own.toBuilder().setName(OTHER).setKey(text("/b/k/1")).build();
    LeaderRequest leader = LeaderRequest.newBuilder().setName(OTHER).build();

    assertThat(outcome(() -> served.election().leader(leader))).isEqualTo(DENIED);
    assertThat(outcome(() -> served.election().observe(leader).next())).isEqualTo(DENIED);
    CampaignRequest campaign = CampaignRequest.newBuilder().setName(OTHER).build();
    assertThat(outcome(() -> served.election().campaign(campaign))).isEqualTo(DENIED);
    ProclaimRequest proclaim = ProclaimRequest.newBuilder().setLeader(other).build();
    assertThat(outcome(() -> served.election().proclaim(proclaim))).isEqualTo(DENIED);
    ResignRequest resign = ResignRequest.newBuilder().setLeader(other).build();
    assertThat(outcome(() -> served.election().resign(resign))).isEqualTo(DENIED);
    assertThat(
            outcome(
                () -> served.election().resign(ResignRequest.newBuilder().setLeader(own).build())))
        .isEqualTo("answered");
  }

  @Test
  void whatIsOfAllKeys_needsAGrantOfAll() {
    assertThat(
            outcome(
                () -> served.kv().compact(CompactionRequest.newBuilder().setRevision(1).build())))
        .isEqualTo(DENIED);
    assertThat(outcome(() -> served.maintenance().hashKV(HashKVRequest.getDefaultInstance())))
        .isEqualTo(DENIED);
  }
}
