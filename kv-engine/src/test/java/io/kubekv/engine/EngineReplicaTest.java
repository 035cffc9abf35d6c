package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a replica says of itself, and of how far it is. */
class EngineReplicaTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final MemoryLog log = new MemoryLog();
  private final TestLease holders = new TestLease(true);
  private final TestLease followers = new TestLease(false);
  private final Link link = new Link();
  private final EngineStore holder = open(new Link(), holders);
  private final EngineStore follower = open(link, followers);

  /** Tells its replica once that it has missed something. */
  private static final class Link extends PlainLink {
    private volatile boolean misses;

    @Override
    public boolean losesEvent() {
      boolean now = misses;
      misses = false;
      return now;
    }
  }

  private EngineStore open(Link its, TestLease itsLease) {
    return EngineStore.open(
        log.client(its), itsLease, EngineSettings.DEFAULT.withPause(Duration.ofMillis(1)));
  }

  @AfterEach
  void close() {
    follower.close();
    holder.close();
  }

  private void put() {
    assertThat(Await.change(holder.put(PutRequest.of(Key.of("a"), Bytes.EMPTY))))
        .isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void replicaWithTheLog_isActiveInItsEpoch() {
    put();

    assertThat(holder.replica().isActive()).isTrue();
    assertThat(holder.replica().epoch()).hasValue(1);
    assertThat(holder.replica().state().takeOvers()).isEqualTo(1);
    assertThat(follower.replica().isActive()).isFalse();
    assertThat(follower.replica().epoch()).isEmpty();
    assertThat(follower.replica().state().takeOvers()).isZero();
  }

  @Test
  void termThatHasRunOut_itIsNotActiveBeforeItIsTold() {
    put();

    holders.runOut();

    assertThat(holder.replica().isActive()).isFalse();
    assertThat(holder.replica().epoch()).isEmpty();
  }

  @Test
  void takeOver_isCountedAndHasAnEpochOfItsOwn() {
    put();
    holders.lose();
    followers.take();
    Awaitility.await().atMost(SOON).until(() -> follower.replica().isActive());
    assertThat(follower.replica().epoch()).hasValue(2);

    followers.lose();
    holders.take();

    Awaitility.await().atMost(SOON).until(() -> holder.replica().isActive());
    assertThat(holder.replica().epoch()).hasValue(3);
    assertThat(holder.replica().state().takeOvers()).isEqualTo(2);
  }

  @Test
  void entryThatIsAppliedAndHidden_isBacklog() {
    put();

    EngineReplica.State ahead = holder.replica().state();
    EngineReplica.State behind = follower.replica().state();

    assertThat(ahead.backlog()).isZero();
    assertThat(behind.applied()).isEqualTo(ahead.applied());
    assertThat(behind.shown()).isEqualTo(ahead.applied() - 1);
    assertThat(behind.backlog()).isEqualTo(1);
    assertThat(behind.revision()).isLessThan(ahead.revision());
    assertThat(behind.revision()).isEqualTo(follower.replica().shown());
    assertThat(ahead.revision()).isEqualTo(Await.read(holder.revision(Freshness.LINEARIZABLE)));
    assertThat(behind.oldest()).isEqualTo(new Revision(1));
  }

  @Test
  void whoWaitsForARevision_hearsWhenItIsShown() throws Exception {
    put();
    Revision wanted = holder.replica().shown();
    assertThat(follower.replica().awaitShown(wanted, Duration.ZERO)).isFalse();
    CompletableFuture<Boolean> waits = awaitShown(wanted, SOON);

    put();

    assertThat(waits.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoWaitsForARevision_isToldWhenTheStoreCloses() throws Exception {
    CompletableFuture<Boolean> waits = awaitShown(new Revision(100), SOON.multipliedBy(10));

    follower.close();

    assertThat(waits.get(SOON.toSeconds(), TimeUnit.SECONDS)).isFalse();
  }

  private CompletableFuture<Boolean> awaitShown(Revision wanted, Duration atMost) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return follower.replica().awaitShown(wanted, atMost);
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  @Test
  void eventsThatWereMissed_logIsReadAgainAndThatIsCounted() {
    put();
    assertThat(follower.replica().state().opened()).isEqualTo(1);

    link.misses = true;
    put();

    Awaitility.await().atMost(SOON).until(() -> follower.replica().state().opened() == 2);
    assertThat(follower.replica().state().applied()).isEqualTo(holder.replica().state().applied());
    assertThat(follower.replica().state().problem()).isEmpty();
  }

  @Test
  void storeThatHasStopped_saysWhy() {
    follower.close();

    assertThat(follower.replica().state().problem()).isEqualTo("the store is closed");
    assertThat(follower.replica().isFilled()).isTrue();
  }
}
