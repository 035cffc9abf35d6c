package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.kubekv.etcdv3.wire.CampaignRequest;
import io.kubekv.etcdv3.wire.CampaignResponse;
import io.kubekv.etcdv3.wire.ElectionGrpc;
import io.kubekv.etcdv3.wire.LeaderKey;
import io.kubekv.etcdv3.wire.LeaderRequest;
import io.kubekv.etcdv3.wire.LeaderResponse;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LockGrpc;
import io.kubekv.etcdv3.wire.LockRequest;
import io.kubekv.etcdv3.wire.LockResponse;
import io.kubekv.etcdv3.wire.ProclaimRequest;
import io.kubekv.etcdv3.wire.ResignRequest;
import io.kubekv.etcdv3.wire.UnlockRequest;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks and elections. */
final class RecipesTest extends EtcdTest {
  private LockResponse lock(Side side, long lease) {
    return side.served()
        .lock()
        .lock(LockRequest.newBuilder().setName(key("lock")).setLease(lease).build());
  }

  private ByteString keyOf(String name, long lease) {
    return key(name + "/" + Long.toHexString(lease));
  }

  @ParameterizedTest
  @EnumSource
  void lock_hasAKeyOfItsLease_andIsTheSameTwice(Side side) {
    long lease = grant(side);

    LockResponse once = lock(side, lease);
    LockResponse again = lock(side, lease);

    assertThat(once.getKey()).isEqualTo(keyOf("lock", lease));
    assertThat(again.getKey()).isEqualTo(once.getKey());
    assertThat(range(side, all()).getKvs(0).getLease()).isEqualTo(lease);
    assertThat(failure(() -> lock(side, Side.fresh())))
        .isEqualTo("UNKNOWN: etcdserver: requested lease not found");
  }

  @ParameterizedTest
  @EnumSource
  void lock_waitsForTheOneBefore(Side side) throws Exception {
    long first = grant(side);
    long second = grant(side);
    long third = grant(side);
    LockResponse held = lock(side, first);
    ListenableFuture<LockResponse> waits = lockLater(side, second);
    awaitKeys(side, 2);
    ListenableFuture<LockResponse> waitsLonger = lockLater(side, third);
    awaitKeys(side, 3);

    assertThat(waits.isDone()).isFalse();
    var unusedUnlocked =
        side.served().lock().unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());
    assertThat(waits.get(20, TimeUnit.SECONDS).getKey()).isEqualTo(keyOf("lock", second));
    assertThat(waitsLonger.isDone()).isFalse();
    var unusedRevoked =
        side.served().lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(second).build());
    assertThat(waitsLonger.get(20, TimeUnit.SECONDS).getKey()).isEqualTo(keyOf("lock", third));
  }

  private ListenableFuture<LockResponse> lockLater(Side side, long lease) {
    return LockGrpc.newFutureStub(side.served().channel())
        .lock(LockRequest.newBuilder().setName(key("lock")).setLease(lease).build());
  }

  private void awaitKeys(Side side, int many) {
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> range(side, all()).getCount() == many);
  }

  @ParameterizedTest
  @EnumSource
  void lock_givenUp_leavesNothing(Side side) {
    lock(side, grant(side));
    ListenableFuture<LockResponse> waits = lockLater(side, grant(side));
    awaitKeys(side, 2);

    waits.cancel(true);

    awaitKeys(side, 1);
  }

  private CampaignResponse campaign(Side side, long lease, String value) {
    return side.served().election().campaign(campaigning(lease, value));
  }

  private CampaignRequest campaigning(long lease, String value) {
    return CampaignRequest.newBuilder()
        .setName(key("election"))
        .setLease(lease)
        .setValue(text(value))
        .build();
  }

  private LeaderRequest asking() {
    return LeaderRequest.newBuilder().setName(key("election")).build();
  }

  @ParameterizedTest
  @EnumSource
  void campaign_tellsTheKey_andProclaimsAnotherValue(Side side) {
    long lease = grant(side);

    LeaderKey leads = campaign(side, lease, "one").getLeader();
    LeaderKey again = campaign(side, lease, "two").getLeader();
    LeaderResponse leader = side.served().election().leader(asking());

    assertThat(leads.getKey()).isEqualTo(keyOf("election", lease));
    assertThat(leads.getLease()).isEqualTo(lease);
    assertThat(leads.getName()).isEqualTo(key("election"));
    assertThat(again).isEqualTo(leads);
    assertThat(leader.getKv().getValue()).isEqualTo(text("two"));
    assertThat(leader.getKv().getCreateRevision()).isEqualTo(leads.getRev());
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotLead_isToldSo(Side side) {
    var election = side.served().election();
    LeaderKey leads = campaign(side, grant(side), "one").getLeader();
    LeaderKey former = leads.toBuilder().setRev(leads.getRev() - 1).build();

    assertThat(failure(() -> election.leader(asking().toBuilder().setName(key("no")).build())))
        .isEqualTo("UNKNOWN: election: no leader");
    assertThat(
            failure(
                () -> election.proclaim(ProclaimRequest.newBuilder().setLeader(former).build())))
        .isEqualTo("UNKNOWN: election: not leader");
    assertThat(failure(() -> election.proclaim(ProclaimRequest.getDefaultInstance())))
        .isEqualTo("UNKNOWN: \"leader\" field must be provided");
    var unusedResigned = election.resign(ResignRequest.newBuilder().setLeader(former).build());
    assertThat(range(side, all()).getCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void observe_tellsEachLeaderAndValue(Side side) throws Exception {
    var election = side.served().election();
    Iterator<LeaderResponse> observed = election.observe(asking());
    LeaderKey first = campaign(side, grant(side), "one").getLeader();

    assertThat(observed.next().getKv().getValue()).isEqualTo(text("one"));
    var unusedProclaimed =
        election.proclaim(
            ProclaimRequest.newBuilder().setLeader(first).setValue(text("more")).build());
    assertThat(observed.next().getKv().getValue()).isEqualTo(text("more"));
    ListenableFuture<CampaignResponse> waits =
        ElectionGrpc.newFutureStub(side.served().channel())
            .campaign(campaigning(grant(side), "two"));
    awaitKeys(side, 2);
    var unusedResigned = election.resign(ResignRequest.newBuilder().setLeader(first).build());
    LeaderKey second = waits.get(20, TimeUnit.SECONDS).getLeader();
    LeaderResponse next = observed.next();
    assertThat(next.getKv().getValue()).isEqualTo(text("two"));
    assertThat(next.getKv().getCreateRevision()).isEqualTo(second.getRev());
  }
}
