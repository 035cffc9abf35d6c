package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.SharedLease;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What replicas find in the Lease of each other. */
class KubernetesLeaseTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration NINE = Duration.ofSeconds(9);

  private final FakeClocks clocks = new FakeClocks();
  private final StubLeaseApi api = new StubLeaseApi(clocks);
  private final CountDownLatch taken = new CountDownLatch(1);
  private final KubernetesLease lease =
      new KubernetesLease(
          api, LeaseSettings.defaults("first"), clocks, "first.example:2380", () -> true);
  private final Lease.Listener listener =
      new Lease.Listener() {
        @Override
        public void taken(Lease.Term term) {
          taken.countDown();
        }

        @Override
        public void lost(String reason) {}
      };

  @AfterEach
  void close() throws InterruptedException {
    lease.close();
    assertThat(lease.awaitRelease(SOON)).isTrue();
  }

  private void compete() throws InterruptedException {
    lease.compete(listener);
    assertThat(taken.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void holder_writesDownWhereItIsReachedAndItsSecret() throws InterruptedException {
    compete();

    assertThat(api.now().annotations())
        .containsEntry("kubekv.io/replica", "first.example:2380")
        .containsEntry("kubekv.io/replica-secret", lease.self().secret());
    assertThat(lease.self().secret()).hasSizeGreaterThan(40);
    assertThat(lease.self().toString()).doesNotContain(lease.self().secret());
  }

  @Test
  void holder_seesItself() throws InterruptedException {
    compete();

    SharedLease.Sighting seen = lease.seen().orElseThrow();
    assertThat(seen.holder()).isEqualTo(lease.self());
    assertThat(seen.ours()).isTrue();
  }

  @Test
  void leaseOfAnother_isSeenWithWhatItSaysAndItsAge() {
    Map<String, String> told =
        Map.of("kubekv.io/replica", "second:1", "kubekv.io/replica-secret", "s");
    api.takenBy("second_1", NINE);
    api.edit(now -> now.renewed(NINE, clocks.wall(), told));
    lease.compete(listener);

    Awaitility.await().atMost(SOON).until(() -> lease.seen().isPresent());
    clocks.advance(Duration.ofSeconds(2));
    SharedLease.Sighting seen = lease.seen().orElseThrow();
    assertThat(seen.holder()).isEqualTo(new SharedLease.Holder("second_1", "second:1", "s"));
    assertThat(seen.ours()).isFalse();
    assertThat(seen.duration()).isEqualTo(NINE);
    assertThat(seen.age()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void leaseOfOneWhoSaysNothing_isSeenWithoutAnAddress() {
    api.takenBy("second_1", NINE);
    lease.compete(listener);

    Awaitility.await().atMost(SOON).until(() -> lease.seen().isPresent());
    assertThat(lease.seen().orElseThrow().holder())
        .isEqualTo(new SharedLease.Holder("second_1", "", ""));
  }

  @Test
  void beforeAFirstLook_nobodyIsSeen() {
    assertThat(lease.seen()).isEmpty();
  }
}
