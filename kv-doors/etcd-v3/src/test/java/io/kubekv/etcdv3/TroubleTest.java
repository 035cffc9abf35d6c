package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import io.kubekv.etcdv3.wire.LeaderRequest;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LockGrpc;
import io.kubekv.etcdv3.wire.LockRequest;
import io.kubekv.etcdv3.wire.LockResponse;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What clients are told of a store that fails, and of what they may no longer do. */
final class TroubleTest {
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  /** What a test does before calls of the store. */
  private final AtomicReference<Consumer<String>> before = new AtomicReference<>(verb -> {});

  private Served meddled(Duration progress) {
    return Served.kubekv(progress, store -> Meddled.of(store, verb -> before.get().accept(verb)));
  }

  private static Consumer<String> failing(String wanted, RuntimeException failure) {
    return verb -> {
      if (verb.equals(wanted)) {
        throw failure;
      }
    };
  }

  private static long grant(Served served) {
    return served.lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1000).build()).getID();
  }

  private static void put(Served served) {
    var unused = served.kv().put(PutRequest.newBuilder().setKey(KEY).build());
  }

  @Test
  void streams_thatCannotBegin_sayWhy() throws Exception {
    UnaryOperator<KeyValueStore> unknown =
        store -> {
          throw new UnauthenticatedException("no such token");
        };
    try (Served served = Served.kubekv(NEVER, unknown);
        Watching watching = served.watching()) {
      CompletableFuture<Status> renewed = new CompletableFuture<>();
      StreamObserver<LeaseKeepAliveRequest> renewals =
          LeaseGrpc.newStub(served.channel())
              .leaseKeepAlive(
                  new StreamObserver<LeaseKeepAliveResponse>() {
                    @Override
                    public void onNext(LeaseKeepAliveResponse answer) {}

                    @Override
                    public void onError(Throwable failure) {
                      renewed.complete(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {}
                  });
      renewals.onNext(LeaseKeepAliveRequest.getDefaultInstance());
      watching.create(WatchCreateRequest.newBuilder().setKey(KEY));
      String told = "UNAUTHENTICATED: etcdserver: invalid auth token";

      assertThat(shown(watching.end())).isEqualTo(told);
      assertThat(shown(renewed.get(20, TimeUnit.SECONDS))).isEqualTo(told);
      assertThat(observing(served, KEY)).isEqualTo(told);
    }
  }

  private static String shown(Status status) {
    return status.getCode() + ": " + status.getDescription();
  }

  private static String observing(Served served, ByteString name) {
    return EtcdTest.failure(
        () -> served.election().observe(LeaderRequest.newBuilder().setName(name).build()).next());
  }

  @Test
  void observe_ofANameThatIsNoText_isRefused() {
    assertThat(observing(Side.KUBEKV.served(), ByteString.copyFrom(new byte[] {'a', (byte) 0xff})))
        .startsWith("INVALID_ARGUMENT: kubekv: a key is UTF-8 text without NUL");
  }

  @Test
  void watch_whoseGrantIsTakenBack_endsAlone() throws Exception {
    try (Served served = meddled(NEVER);
        Watching watching = served.watching()) {
      watching.create(WatchCreateRequest.newBuilder().setKey(KEY).setWatchId(5));
      watching.create(WatchCreateRequest.newBuilder().setKey(KEY).setWatchId(6));
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getCreated()).isTrue();
      AtomicBoolean once = new AtomicBoolean(true);
      before.set(
          verb -> {
            if (verb.equals("watch") && once.getAndSet(false)) {
              throw new PermissionDeniedException("not yours");
            }
          });
      watching.progress();

      WatchResponse ended = watching.next();
      assertThat(ended.getCanceled()).isTrue();
      assertThat(ended.getCancelReason())
          .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
      assertThat(watching.next().getWatchId()).isEqualTo(-1);
      put(served);
      assertThat(watching.next().getWatchId()).isEqualTo(11 - ended.getWatchId());
    }
  }

  @Test
  void quietWatch_whoseGrantIsTakenBack_endsAlone() throws Exception {
    try (Served served = meddled(Duration.ofMillis(50));
        Watching watching = served.watching()) {
      watching.create(WatchCreateRequest.newBuilder().setKey(KEY).setWatchId(5));
      watching.create(
          WatchCreateRequest.newBuilder().setKey(KEY).setWatchId(6).setProgressNotify(true));
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getCreated()).isTrue();
      before.set(failing("watch", new PermissionDeniedException("not yours")));

      WatchResponse next = watching.next();
      while (!next.getCanceled()) {
        next = watching.next();
      }
      assertThat(next.getWatchId()).isEqualTo(6);
      put(served);
      assertThat(watching.next().getWatchId()).isEqualTo(5);
    }
  }

  @Test
  void watchThatRequiresALeader_endsWhenThereIsNone() throws Exception {
    OneMember member = new OneMember();
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    try (Served served = Served.kubekv(NEVER, store -> store, member);
        Watching any = served.watching();
        Watching requiring = requiring(served, headers)) {
      any.create(WatchCreateRequest.newBuilder().setKey(KEY));
      requiring.create(WatchCreateRequest.newBuilder().setKey(KEY));
      assertThat(any.next().getCreated()).isTrue();
      assertThat(requiring.next().getCreated()).isTrue();
      member.leads(false);

      assertThat(shown(requiring.end())).isEqualTo("UNAVAILABLE: etcdserver: no leader");
      try (Watching late = requiring(served, headers)) {
        assertThat(shown(late.end())).isEqualTo("UNAVAILABLE: etcdserver: no leader");
      }
      put(served);
      assertThat(any.next().getEventsCount()).isEqualTo(1);
    }
  }

  private static Watching requiring(Served served, Metadata headers) {
    return new Watching(
        ClientInterceptors.intercept(
            served.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  @Test
  void lock_ofAClientThatIsGone_isLeft() throws Exception {
    try (Served served = meddled(NEVER)) {
      long lease = grant(served);
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch canceled = new CountDownLatch(1);
      before.set(
          verb -> {
            if (verb.equals("list")) {
              asked.countDown();
              await(canceled);
            }
          });
      ListenableFuture<LockResponse> lock =
          LockGrpc.newFutureStub(served.channel())
              .lock(LockRequest.newBuilder().setName(KEY).setLease(lease).build());
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      before.set(verb -> {});
      assertThat(keys(served)).isEqualTo(1);

      lock.cancel(true);
      served.awaitKnownAsCanceled();
      canceled.countDown();

      Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> keys(served) == 0);
    }
  }

  @Test
  void lock_thatWaits_isToldThatTheServerStops_andSoIsWhatComesLater() throws Exception {
    try (Served served = Served.kubekv()) {
      LockRequest held = LockRequest.newBuilder().setName(KEY).setLease(grant(served)).build();
      var unusedLocked = served.lock().lock(held);
      ListenableFuture<LockResponse> waits =
          LockGrpc.newFutureStub(served.channel())
              .lock(LockRequest.newBuilder().setName(KEY).setLease(grant(served)).build());
      Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> keys(served) == 2);

      served.stopDoor();

      String stopped = "UNAVAILABLE: etcdserver: server stopped";
      assertThatThrownBy(() -> waits.get(20, TimeUnit.SECONDS)).hasMessageContaining(stopped);
      assertThatThrownBy(() -> served.lock().lock(held)).hasMessageContaining(stopped);
      assertThatThrownBy(
              () ->
                  served
                      .election()
                      .observe(LeaderRequest.newBuilder().setName(KEY).build())
                      .hasNext())
          .hasMessageContaining(stopped);
      try (Watching watching = served.watching()) {
        assertThat(watching.end().getDescription()).isEqualTo("etcdserver: server stopped");
      }
      Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> keys(served) == 1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static long keys(Served served) {
    ByteString nul = ByteString.copyFrom(new byte[1]);
    return served
        .kv()
        .range(RangeRequest.newBuilder().setKey(nul).setRangeEnd(nul).build())
        .getCount();
  }

  @Test
  void revoke_thatWasDone_isAnswered_whateverFailsAfterIt() throws Exception {
    try (Served served = meddled(NEVER)) {
      long lease = grant(served);
      before.set(failing("revision", new UnavailableException("nobody writes")));

      var revoked =
          served.lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());

      assertThat(revoked.getHeader().getRevision()).isPositive();
    }
  }

  @Test
  void timeToLive_withoutKeys_asksForNone() throws Exception {
    try (Served served = meddled(NEVER)) {
      long lease = grant(served);
      before.set(failing("sessions.keys", new PermissionDeniedException("not yours")));
      LeaseTimeToLiveRequest.Builder asking = LeaseTimeToLiveRequest.newBuilder().setID(lease);

      assertThat(served.lease().leaseTimeToLive(asking.build()).getGrantedTTL()).isEqualTo(1000);
      assertThat(
              EtcdTest.failure(() -> served.lease().leaseTimeToLive(asking.setKeys(true).build())))
          .isEqualTo("PERMISSION_DENIED: etcdserver: permission denied");
    }
  }
}
