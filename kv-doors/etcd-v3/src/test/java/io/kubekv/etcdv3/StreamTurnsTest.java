package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Messages of streams are on their client's budget. What it may have in flight is taken by the test
 * itself.
 */
final class StreamTurnsTest {
  private static final int IN_FLIGHT = 20;
  private static final String TOO_MANY = "etcdserver: too many requests";

  private final List<Use> others = new ArrayList<>();

  private static Budgets budgets(Duration patience) {
    return new Budgets(new ClientLimits(0, 1000, 0, IN_FLIGHT, 100, 100, patience), 1000);
  }

  private static Served served(Budgets budgets) {
    return Served.kubekv(Duration.ofMinutes(10), store -> store, new OneMember(), budgets);
  }

  /** Whoever asks later waits. */
  private void takeAll(Budgets budgets) {
    for (int i = 0; i < IN_FLIGHT; i++) {
      others.add(budgets.of("client").begin());
    }
  }

  private void giveBack() {
    others.forEach(use -> use.end(0));
  }

  private static WatchCreateRequest.Builder watch(long id) {
    return WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).setWatchId(id);
  }

  private static final class Renewing implements StreamObserver<LeaseKeepAliveResponse> {
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    private final StreamObserver<LeaseKeepAliveRequest> requests;

    Renewing(Served served) {
      requests = LeaseGrpc.newStub(served.channel()).leaseKeepAlive(this);
    }

    void renew(long lease) {
      requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
    }

    Object next() throws InterruptedException {
      Object next = told.poll(20, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    @Override
    public void onNext(LeaseKeepAliveResponse answer) {
      told.add(answer.getTTL());
    }

    @Override
    public void onError(Throwable failure) {
      told.add(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      told.add("completed");
    }
  }

  @Test
  void watch_thatIsTooMuch_isCanceledSayingSo_andTheOthersGoOn() throws Exception {
    Budgets budgets = budgets(Duration.ZERO);
    try (Served served = served(budgets);
        Watching watching = served.watching()) {
      watching.create(watch(7));
      assertThat(watching.next().getCreated()).isTrue();
      takeAll(budgets);

      watching.progress();
      watching.create(watch(8));
      WatchResponse refused = watching.next();
      assertThat(refused.getCreated()).isTrue();
      assertThat(refused.getCanceled()).isTrue();
      assertThat(refused.getWatchId()).isEqualTo(-1);
      assertThat(refused.getCancelReason())
          .isEqualTo("rpc error: code = ResourceExhausted desc = " + TOO_MANY);
      put(served);
      assertThat(watching.next().getEventsCount()).isEqualTo(1);

      watching.cancel(7);
      assertThat(watching.next().getCanceled()).as("what is given back is taken").isTrue();
      giveBack();
      watching.create(watch(9));
      assertThat(watching.next().getWatchId()).isEqualTo(9);
    }
  }

  private static void put(Served served) {
    var unused =
        served.kv().put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
  }

  @Test
  void watch_waitsForItsTurn_whileEventsAreTold() throws Exception {
    Budgets budgets = budgets(Duration.ofMinutes(5));
    try (Served served = served(budgets);
        Watching watching = served.watching()) {
      watching.create(watch(7));
      assertThat(watching.next().getCreated()).isTrue();
      takeAll(budgets);

      watching.create(watch(8));
      put(served);
      assertThat(watching.next().getEventsCount()).isEqualTo(1);
      assertThat(watching.now()).isNull();
      giveBack();

      assertThat(watching.next().getWatchId()).isEqualTo(8);
    }
  }

  @Test
  void renewal_waitsForItsTurn() throws Exception {
    Budgets budgets = budgets(Duration.ofMinutes(5));
    try (Served served = served(budgets)) {
      long lease = served.lease().leaseGrant(grant()).getID();
      Renewing renewing = new Renewing(served);
      renewing.renew(lease);
      assertThat(renewing.next()).isEqualTo(60L);
      takeAll(budgets);

      renewing.renew(lease);
      put(served);
      assertThat(renewing.told).isEmpty();
      giveBack();

      assertThat(renewing.next()).isEqualTo(60L);
      renewing.requests.onCompleted();
      assertThat(renewing.next()).isEqualTo("completed");
    }
  }

  private static LeaseGrantRequest grant() {
    return LeaseGrantRequest.newBuilder().setTTL(60).build();
  }

  @Test
  void renewal_thatIsTooMuch_endsItsStream() throws Exception {
    Budgets budgets = budgets(Duration.ZERO);
    try (Served served = served(budgets)) {
      long lease = served.lease().leaseGrant(grant()).getID();
      Renewing renewing = new Renewing(served);
      renewing.renew(lease);
      assertThat(renewing.next()).isEqualTo(60L);
      takeAll(budgets);

      renewing.renew(lease);

      assertThat(renewing.next())
          .isInstanceOfSatisfying(
              Status.class,
              status -> {
                assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(status.getDescription()).isEqualTo(TOO_MANY);
              });
      giveBack();
    }
  }
}
