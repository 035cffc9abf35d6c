package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrantResponse;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.etcdv3.wire.LeaseLeasesRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseStatus;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveResponse;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leases, and the keys that end with them. */
final class LeaseTest extends EtcdTest {
  private static LeaseGrantResponse grant(Side side, long id, long seconds) {
    return side.served()
        .lease()
        .leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build());
  }

  private static LeaseTimeToLiveResponse timeToLive(Side side, long id) {
    return side.served()
        .lease()
        .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
  }

  private static void revoke(Side side, long id) {
    var unused =
        side.served().lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
  }

  @ParameterizedTest
  @EnumSource
  void grant_tellsWhatWasGranted(Side side) {
    LeaseGrantResponse chosen = grant(side, 0, 60);
    LeaseGrantResponse shortest = grant(side, 0, 1);

    assertThat(chosen.getID()).isPositive();
    assertThat(chosen.getTTL()).isEqualTo(60);
    assertThat(shortest.getTTL()).isEqualTo(2);
    assertThat(timeToLive(side, chosen.getID()).getGrantedTTL()).isEqualTo(60);
    assertThat(timeToLive(side, chosen.getID()).getTTL()).isBetween(50L, 60L);
  }

  @ParameterizedTest
  @EnumSource
  void grant_ofATakenNumberOrForTooLong_isRefused(Side side) {
    long id = grant(side);

    assertThat(failure(() -> grant(side, id, 1000)))
        .isEqualTo("FAILED_PRECONDITION: etcdserver: lease already exists");
    assertThat(failure(() -> grant(side, Side.fresh(), 9_000_000_001L)))
        .isEqualTo("OUT_OF_RANGE: etcdserver: too large lease TTL");
    assertThat(grant(side, Side.fresh(), 9_000_000_000L).getTTL()).isEqualTo(9_000_000_000L);
  }

  @ParameterizedTest
  @EnumSource
  void leaseThatIsGone_isToldBySign(Side side) throws InterruptedException {
    long id = Side.fresh();

    assertThat(timeToLive(side, id).getTTL()).isEqualTo(-1);
    assertThat(timeToLive(side, id).getID()).isEqualTo(id);
    assertThat(keptAlive(side, id).getTTL()).isZero();
    assertThat(
            failure(
                () ->
                    side.served()
                        .lease()
                        .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build())))
        .isEqualTo("NOT_FOUND: etcdserver: requested lease not found");
  }

  private static LeaseKeepAliveResponse keptAlive(Side side, long id) throws InterruptedException {
    BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LeaseKeepAliveRequest> stream =
        LeaseGrpc.newStub(side.served().channel())
            .leaseKeepAlive(
                new StreamObserver<>() {
                  @Override
                  public void onNext(LeaseKeepAliveResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    LeaseKeepAliveResponse answer = answers.poll(20, TimeUnit.SECONDS);
    stream.onCompleted();
    assertThat(answer).isNotNull();
    return answer;
  }

  @ParameterizedTest
  @EnumSource
  void keepAlive_tellsTheWholeTime(Side side) throws InterruptedException {
    long id = grant(side);

    LeaseKeepAliveResponse answer = keptAlive(side, id);

    assertThat(answer.getID()).isEqualTo(id);
    assertThat(answer.getTTL()).isEqualTo(1000);
    assertThat(answer.getHeader().getRevision()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void leases_areListed(Side side) {
    long id = grant(side);

    assertThat(
            side.served()
                .lease()
                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                .getLeasesList())
        .contains(LeaseStatus.newBuilder().setID(id).build());
  }

  @ParameterizedTest
  @EnumSource
  void put_withAnotherLease_leavesTheFirst(Side side) {
    long first = grant(side);
    long second = grant(side);
    var kv = side.served().kv();
    var unusedOnce = kv.put(putting("a", "1").setLease(first).build());
    var unusedAgain = kv.put(putting("a", "2").setLease(second).build());
    var unusedWithout = kv.put(putting("b", "1").setLease(first).build());
    var unusedDetached = put(side, "b", "2");

    assertThat(timeToLive(side, first).getKeysList()).isEmpty();
    assertThat(timeToLive(side, second).getKeysList()).containsExactly(key("a"));
    revoke(side, first);
    assertThat(names(range(side, all()).getKvsList())).containsExactly("a", "b");
    revoke(side, second);
    assertThat(names(range(side, all()).getKvsList())).containsExactly("b");
  }

  @ParameterizedTest
  @EnumSource
  void revoke_deletesAllKeysInOneRevisionAndInOrder(Side side) throws InterruptedException {
    long id = grant(side);
    for (String name : new String[] {"c", "a", "b"}) {
      var unused = side.served().kv().put(putting(name, name).setLease(id).build());
    }

    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setPrevKv(true));
      assertThat(watching.next().getCreated()).isTrue();
      revoke(side, id);

      WatchResponse response = watching.next();
      assertThat(response.getEventsList()).allMatch(e -> e.getType() == Event.EventType.DELETE);
      assertThat(response.getEventsList().stream().map(e -> name(e.getKv().getKey())))
          .containsExactly("a", "b", "c");
      assertThat(response.getEventsList().stream().map(e -> e.getKv().getModRevision()).distinct())
          .hasSize(1);
      assertThat(response.getEvents(0).getPrevKv().getLease()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lease_thatNobodyRenews_endsWithItsKeys(Side side) throws InterruptedException {
    long id = Side.fresh();

    try (Watching watching = side.served().watching()) {
      watching.create(watchAll());
      assertThat(watching.next().getCreated()).isTrue();
      grant(side, id, 4); // so long that a busy machine puts the key in time
      var unused = side.served().kv().put(putting("a", "1").setLease(id).build());
      assertThat(watching.next().getEvents(0).getType()).isEqualTo(Event.EventType.PUT);

      assertThat(watching.next().getEvents(0).getType()).isEqualTo(Event.EventType.DELETE);
    }
    assertThat(timeToLive(side, id).getTTL()).isEqualTo(-1);
  }
}
