package io.kubekv.etcd.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.etcd.api.EtcdClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** For how long a term is sure, by a clock that the test moves. */
class TermTest {
  private static final Duration LIFE = Duration.ofSeconds(2);

  private final AtomicLong nanos = new AtomicLong();
  private final SlowEtcd etcd = new SlowEtcd();
  private final List<Lease.Term> terms = new CopyOnWriteArrayList<>();
  private final List<String> lost = new CopyOnWriteArrayList<>();

  private EtcdLease taken() {
    EtcdLease lease =
        new EtcdLease(
            etcd, ByteString.copyFromUtf8("lease"), new Holder("a-test", "", ""), LIFE, nanos::get);
    lease.compete(
        new Lease.Listener() {
          @Override
          public void taken(Lease.Term term) {
            terms.add(term);
          }

          @Override
          public void lost(String reason) {
            lost.add(reason);
          }
        });
    asked(1);
    return lease;
  }

  private void asked(int times) {
    Awaitility.await().until(() -> etcd.asked.size() >= times);
  }

  /** Answers the first keep-alive, and returns when that has been heard. */
  private void answerTheFirst() {
    etcd.asked.getFirst().complete(LIFE);
    asked(etcd.asked.size() + 1);
  }

  @Test
  void keepAlive_countsFromWhenItWasSent_andNotFromItsAnswer() {
    try (Lease unused = taken()) {
      nanos.set(Duration.ofMillis(1_500).toNanos());
      answerTheFirst();
      assertThat(terms.getFirst().isValid()).isTrue();

      nanos.set(Duration.ofMillis(1_750).toNanos());

      assertThat(terms.getFirst().isValid()).isFalse();
    }
  }

  @Test
  void keepAlive_prolongsTheTerm() {
    try (Lease unused = taken()) {
      nanos.set(Duration.ofSeconds(1).toNanos());
      asked(etcd.asked.size() + 2);
      etcd.asked.getLast().complete(LIFE);
      asked(etcd.asked.size() + 1);

      nanos.set(Duration.ofMillis(2_700).toNanos());

      assertThat(terms.getFirst().isValid()).isTrue();
    }
  }

  @Test
  void termThatIsOver_staysOver_andTheHolderIsTold() {
    try (Lease unused = taken()) {
      nanos.set(LIFE.toNanos());
      assertThat(terms.getFirst().isValid()).isFalse();

      nanos.set(0);
      etcd.asked.forEach(answer -> answer.complete(LIFE));

      assertThat(terms.getFirst().isValid()).isFalse();
      Awaitility.await().until(() -> !lost.isEmpty());
      assertThat(lost.getFirst()).contains("has not kept the lease");
    }
  }

  @Test
  void leaseThatEtcdHasEnded_isLost() {
    try (Lease unused = taken()) {
      etcd.asked.getFirst().complete(Duration.ZERO);

      Awaitility.await().until(() -> !lost.isEmpty());
      assertThat(lost.getFirst()).isEqualTo("etcd has ended the lease of this replica");
      assertThat(terms.getFirst().isValid()).isFalse();
    }
  }

  @Test
  void sighting_growsOld_whileEtcdDoesNotAnswer() {
    try (EtcdLease lease = taken()) {
      nanos.set(Duration.ofSeconds(3).toNanos());

      assertThat(lease.seen().orElseThrow().age()).isEqualTo(Duration.ofSeconds(3));
    }
  }

  @Test
  void release_isAwaitedUntilEtcdHasAnswered() throws InterruptedException {
    EtcdLease lease = taken();
    etcd.revoked = new CompletableFuture<>();

    lease.close();

    Awaitility.await().until(() -> etcd.revoking);
    assertThat(lease.awaitRelease(Duration.ofMillis(1))).isFalse();
    etcd.revoked.complete(null);
    assertThat(lease.awaitRelease(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void keepAliveThatThrows_isAskedForAgainInTheNextRound() {
    etcd.throwing.add("keepAlive");
    try (Lease unused = taken()) {
      asked(2);

      assertThat(etcd.throwing).isEmpty();
      assertThat(terms.getFirst().isValid()).isTrue();
    }
  }

  @Test
  void lookGrantAndPutThatThrow_areTriedAgain() {
    etcd.throwing.addAll(List.of("range", "grant", "txn"));
    try (Lease unused = taken()) {
      assertThat(etcd.throwing).isEmpty();
      assertThat(terms).hasSize(1);
    }
  }

  /** Gives the lease once, and answers no keep-alive before it is told to. */
  private static final class SlowEtcd implements EtcdClient {
    private final List<CompletableFuture<Duration>> asked = new CopyOnWriteArrayList<>();
    private final List<String> throwing = new CopyOnWriteArrayList<>();
    private volatile boolean taken;
    private volatile boolean revoking;
    private volatile CompletableFuture<Void> revoked = CompletableFuture.completedFuture(null);

    private void mayThrow(String what) {
      if (throwing.remove(what)) {
        throw new IllegalStateException("nobody has foreseen that " + what + " throws");
      }
    }

    @Override
    public CompletableFuture<RangeResponse> range(RangeRequest request) {
      mayThrow("range");
      return !taken
          ? CompletableFuture.completedFuture(RangeResponse.getDefaultInstance())
          : new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<TxnResponse> txn(TxnRequest request) {
      mayThrow("txn");
      taken = true;
      return CompletableFuture.completedFuture(TxnResponse.newBuilder().setSucceeded(true).build());
    }

    @Override
    public CompletableFuture<Long> grant(long seconds) {
      mayThrow("grant");
      return CompletableFuture.completedFuture(7L);
    }

    @Override
    public CompletableFuture<Duration> keepAlive(long lease) {
      mayThrow("keepAlive");
      CompletableFuture<Duration> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    @Override
    public CompletableFuture<Void> revoke(long lease) {
      revoking = true;
      return revoked;
    }

    @Override
    public Stream watch(ByteString from, ByteString end, long revision, Watcher watcher) {
      return () -> {};
    }

    @Override
    public void reconnect() {}

    @Override
    public void close() {}
  }
}
