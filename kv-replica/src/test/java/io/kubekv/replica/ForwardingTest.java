package io.kubekv.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a call is made, and when it is made again. */
@Timeout(60)
class ForwardingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EngineStore own = EngineStore.inMemory();
  private final EngineStore holders = EngineStore.inMemory();
  private final StubReplica local = new StubReplica();
  private final Waits waits = new Waits();
  private Optional<KeyValueStore> holder = Optional.of(holders);
  private final Forwarding.Elsewhere elsewhere =
      new Forwarding.Elsewhere() {
        @Override
        public Optional<KeyValueStore> holder() {
          return holder;
        }

        @Override
        public String problem() {
          return holder.isPresent() ? "" : "nobody holds it";
        }
      };
  private final Forwarding forwarding = new Forwarding(own, local, elsewhere, PATIENCE, waits);

  /** What the tries of a call run into, in order; then it succeeds. */
  private final Deque<StoreException> failures = new ArrayDeque<>();

  private final List<KeyValueStore> asked = new ArrayList<>();

  @AfterEach
  void close() {
    own.close();
    holders.close();
  }

  @Test
  void ask_leaseHeldHere_isAnsweredHere() {
    local.active = true;

    assertThat(call()).isEqualTo("done");
    assertThat(asked).containsExactly(own);
    assertThat(forwarding.forwarded()).isZero();
  }

  @Test
  void ask_leaseHeldElsewhere_isAskedThere() {
    assertThat(call()).isEqualTo("done");
    assertThat(asked).containsExactly(holders);
    assertThat(forwarding.forwarded()).isEqualTo(1);
  }

  @Test
  void call_thatWasCertainlyNotApplied_isMadeAgain() {
    failures.add(new UnavailableException("it was not sent"));
    failures.add(new UnavailableException("not the holder"));

    assertThat(call()).isEqualTo("done");
    assertThat(asked).hasSize(3);
  }

  @Test
  void call_thatCannotBeAnsweredBeforeSomebodyActs_isNotMadeAgain() {
    failures.add(UnavailableException.lasting("upgrade the others"));

    assertThatThrownBy(this::call).hasMessage("upgrade the others");
    assertThat(asked).hasSize(1);
  }

  @Test
  void call_refusedWhileTheLeaseMovesHere_isMadeHere() {
    failures.add(new UnavailableException("not the holder"));
    waits.during = () -> local.active = true;

    assertThat(call()).isEqualTo("done");
    assertThat(asked).containsExactly(holders, own);
  }

  @Test
  void call_whileNobodyHoldsTheLease_waitsForSomebody() {
    holder = Optional.empty();
    waits.during = () -> holder = Optional.of(holders);

    assertThat(call()).isEqualTo("done");
    assertThat(asked).containsExactly(holders);
  }

  @Test
  void change_thatMayHaveBeenApplied_isNeverMadeAgain() {
    failures.add(new OutcomeUnknownException("no answer came"));

    assertThatThrownBy(this::call).isInstanceOf(OutcomeUnknownException.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void call_refusedForLoad_isLeftToTheCaller() {
    failures.add(new OverloadedException("busy", Duration.ofSeconds(1)));

    assertThatThrownBy(this::call).isInstanceOf(OverloadedException.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void call_nobodyInAllItsPatience_isUnavailableAndSaysWhy() {
    holder = Optional.empty();

    assertThatThrownBy(this::call)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("nobody holds it");
    assertThat(Duration.ofNanos(waits.now)).isBetween(PATIENCE.minusMillis(50), PATIENCE);
    assertThat(asked).isEmpty();
  }

  @Test
  void change_madeElsewhere_isShownHereBeforeItIsAnswered() {
    Revision revision = new Revision(7);

    assertThat(change(revision)).isEqualTo("done");
    assertThat(local.awaited).containsExactly(revision);
  }

  /** It was made; that nobody announces it does not undo it. */
  @Test
  void change_madeElsewhereAndNotAnnounced_isAnsweredAllTheSame() {
    local.announces = false;

    assertThat(change(new Revision(7))).isEqualTo("done");
  }

  @Test
  void forwardedCall_leaseHeldHere_isAnsweredHere() throws Exception {
    local.active = true;

    assertThat(forwarded(new Revision(3))).isEqualTo("done");
    assertThat(asked).containsExactly(own);
    assertThat(local.awaited).containsExactly(new Revision(3));
  }

  @Test
  void forwardedCall_leaseHeldElsewhere_isRefusedAndNotForwardedAgain() {
    assertThatThrownBy(() -> forwarded(Revision.ZERO)).isInstanceOf(UnavailableException.class);
    assertThat(asked).isEmpty();
    assertThat(forwarding.forwarded()).isZero();
  }

  /** Its client would see the store go back. */
  @Test
  void forwardedCall_ofAReplicaThatHasShownMore_isRefused() {
    local.active = true;
    local.announces = false;

    assertThatThrownBy(() -> forwarded(new Revision(9))).isInstanceOf(UnavailableException.class);
    assertThat(asked).isEmpty();
  }

  /** Who calls may be an event loop. */
  @Test
  void call_thatIsMadeAgain_holdsUpNobody() {
    failures.add(new UnavailableException("it was not sent"));
    CountDownLatch passes = new CountDownLatch(1);
    waits.during = () -> awaitQuietly(passes);

    CompletableFuture<String> coming = forwarding.ask(this::answer);

    assertThat(coming).isNotDone();
    passes.countDown();
    assertThat(Await.read(coming)).isEqualTo("done");
  }

  private static void awaitQuietly(CountDownLatch passes) {
    try {
      passes.await();
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void call_afterTheEnd_isUnavailable() {
    forwarding.close();

    assertThatThrownBy(this::call).isInstanceOf(UnavailableException.class);
    assertThat(asked).isEmpty();
  }

  private String call() {
    return Await.read(forwarding.ask(this::answer));
  }

  private String change(Revision revision) {
    return Await.change(
        forwarding.change(
            store -> CompletableFuture.completedFuture("done"), done -> Optional.of(revision)));
  }

  private String forwarded(Revision shown) throws Exception {
    return Context.current().withValue(Forwarded.SHOWN, shown).call(this::call);
  }

  private CompletableFuture<String> answer(KeyValueStore store) {
    asked.add(store);
    StoreException failure = failures.poll();
    return failure == null
        ? CompletableFuture.completedFuture("done")
        : CompletableFuture.failedFuture(failure);
  }

  /** Time that passes only while somebody waits. */
  private static final class Waits implements Forwarding.Waits {
    private long now;
    private Runnable during = () -> {};

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration time) {
      now += time.toNanos();
      during.run();
    }
  }

  /** A backend that does as the test says. */
  private static final class StubReplica extends QuietReplica {
    private final List<Revision> awaited = new ArrayList<>();
    private boolean active;
    private boolean announces = true;

    @Override
    public boolean isActive() {
      return active;
    }

    @Override
    public boolean awaitShown(Revision revision, Duration atMost) {
      awaited.add(revision);
      return announces;
    }
  }
}
