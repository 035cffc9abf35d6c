package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final MemoryLog log = new MemoryLog();
  private final SlowLink link = new SlowLink();
  private final TestLease lease = new TestLease(true);
  private EngineStore store = open(EngineSettings.DEFAULT, new SafetyRules());

  private EngineStore open(EngineSettings settings, SafetyRules rules) {
    return EngineStore.open(
        log.client(link),
        lease,
        settings.withPause(Duration.ofMillis(5)),
        new Pipeline.Surroundings(new AlarmThread(), new Random(1), rules));
  }

  private void reopen(EngineSettings settings, SafetyRules rules) {
    store.close();
    store = open(settings, rules);
    lease.take();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private CompletableFuture<PutOutcome> begin(String key, String value) {
    return store.put(put(key, value));
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  private String text(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value().toText())
        .orElse("missing");
  }

  @Test
  void whatWaits_goesIntoOneEntry() throws Exception {
    Await.change(store.put(put("first", "")));
    int before = log.entries().size();
    link.slow();
    List<CompletableFuture<PutOutcome>> all =
        List.of(begin("a", "1"), begin("b", "1"), begin("c", "1"), begin("a", "2"));
    assertThat(all).noneMatch(CompletableFuture::isDone);
    link.quick();

    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
    assertThat(log.entries()).hasSize(before + 2);
    assertThat(text("a")).isEqualTo("2");
  }

  @Test
  void readAtARevision_thatTheHistoryHasNotHeardOf_isAnsweredAndNotCompacted() {
    AtomicBoolean reading = new AtomicBoolean();
    List<CompletableFuture<Lookup>> reads = new CopyOnWriteArrayList<>();
    SafetyRules readingBeforeItIsShown =
        new SafetyRules() {
          @Override
          boolean isShown(long position, long announced, long applied) {
            if (reading.get()) {
              Revision newest = store.root().state().revision();
              reads.add(store.get(Key.of("a"), new Freshness.At(newest)));
              reads.add(store.get(Key.of("a"), new Freshness.At(new Revision(newest.value() - 1))));
            }
            return super.isShown(position, announced, applied);
          }
        };
    reopen(EngineSettings.DEFAULT, readingBeforeItIsShown);
    Await.change(store.put(put("a", "1")));
    link.slow();
    List<CompletableFuture<PutOutcome>> all =
        List.of(begin("a", "2"), begin("a", "3"), begin("a", "4"));
    reading.set(true);
    link.quick();
    all.forEach(Await::change);
    reading.set(false);

    assertThat(reads)
        .extracting(read -> Await.read(read).entry().orElseThrow().value().toText())
        .containsExactly("2", "1", "4", "3");
  }

  @Test
  void ownEntryThatSomebodyChanged_isOutcomeUnknown_andWhatWaitsIsDecidedOnWhatStands() {
    Await.change(store.put(put("b", "1")));
    link.slow();
    CompletableFuture<PutOutcome> sent = begin("a", "1");
    var unused = begin("c", "1");
    CompletableFuture<PutOutcome> waiting =
        store.put(put("a", "2").withPrecondition(Precondition.ABSENT));
    link.carryOne();
    LogEntry own = log.entries().getLast();
    log.forge(
        new LogEntry(
            own.position(),
            own.epoch(),
            own.nonce(),
            own.previousNonce(),
            List.of(),
            own.minReader(),
            own.digest()));
    link.quick();

    assertThat(sent)
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(OutcomeUnknownException.class);
    assertThat(waiting).succeedsWithin(SOON);
    assertThat(text("a")).isEqualTo("2");
  }

  @Test
  void whileAnEntryIsOnItsWay_readsSeeWhatWasBefore() {
    Await.change(store.put(put("a", "1")));
    link.slow();
    CompletableFuture<PutOutcome> coming = begin("a", "2");

    assertThat(text("a")).isEqualTo("1");
    link.quick();
    assertThat(coming).succeedsWithin(SOON);
    assertThat(text("a")).isEqualTo("2");
  }

  @Test
  void refusal_waitsForWhatItWasDecidedOn() {
    link.slow();
    CompletableFuture<PutOutcome> first = begin("a", "1");
    CompletableFuture<PutOutcome> refused =
        store.put(put("a", "2").withPrecondition(Precondition.ABSENT));

    assertThat(refused).isNotDone();
    link.quick();
    assertThat(first).succeedsWithin(SOON);
    assertThat(refused).succeedsWithin(SOON).isInstanceOf(Refused.class);
  }

  @Test
  void patienceEnds_whatWasSentIsUnknownAndWhatWasNotIsNot() {
    reopen(EngineSettings.DEFAULT.withPatience(Duration.ofMillis(50)), new SafetyRules());
    Awaitility.await().atMost(SOON).until(() -> store.status().ready());
    link.slow();
    CompletableFuture<PutOutcome> sent = begin("a", "1");
    CompletableFuture<PutOutcome> waiting = begin("b", "1");

    assertThat(sent)
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(OutcomeUnknownException.class);
    assertThat(waiting)
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(UnavailableException.class);
    link.quick();
    Awaitility.await().atMost(SOON).until(() -> text("a").equals("1"));
    assertThat(text("b")).isEqualTo("missing");
  }

  @Test
  void fullLog_isRefusedAsOverloadAndChangesNothing() {
    Await.change(store.put(put("a", "1")));
    log.setFull(true);

    assertThatThrownBy(() -> Await.change(store.put(put("a", "2"))))
        .isInstanceOf(OverloadedException.class);

    assertThat(text("a")).isEqualTo("1");
    log.setFull(false);
    Await.change(store.put(put("a", "3")));
    assertThat(text("a")).isEqualTo("3");
  }

  @Test
  void tooMuchWaiting_isRefusedAsOverload() {
    reopen(EngineSettings.DEFAULT.withMaxQueueBytes(1_000), new SafetyRules());
    Await.change(store.put(put("a", "1")));
    link.slow();
    CompletableFuture<PutOutcome> sent = begin("a", "2");
    CompletableFuture<PutOutcome> waiting = begin("a", "v".repeat(1_000));

    assertThat(begin("a", "3"))
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(OverloadedException.class);
    link.quick();
    assertThat(sent).succeedsWithin(SOON);
    assertThat(waiting).succeedsWithin(SOON);
  }

  @Test
  void duringATakeOver_callsAreHeldAndThenDecided() {
    Await.change(store.put(put("a", "1")));
    lease.lose();
    CompletableFuture<PutOutcome> held = begin("a", "2");
    assertThat(held).isNotDone();
    assertThat(store.status().ready()).isFalse();

    lease.take();

    assertThat(held).succeedsWithin(SOON);
    assertThat(text("a")).isEqualTo("2");
  }

  @Test
  void nobodyServes_callsAreRefusedAfterAWhile() {
    reopen(EngineSettings.DEFAULT.withHolding(Duration.ofMillis(20)), new SafetyRules());
    lease.lose();

    assertThatThrownBy(() -> Await.change(store.put(put("a", "1"))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("lease");
  }

  /** Who calls knows where else to ask, and loses no time here. */
  @Test
  void nobodyServes_callsAreRefusedAtOnceWhereNoneIsHeld() {
    reopen(EngineSettings.DEFAULT.withHolding(Duration.ZERO), new SafetyRules());
    Await.change(store.put(put("a", "1")));
    lease.runOut();
    assertRefusedAtOnce("the lease of this replica has run out");

    lease.lose("replica-7 has the lease");

    assertRefusedAtOnce("replica-7 has the lease");
  }

  private void assertRefusedAtOnce(String reason) {
    assertThat(store.get(Key.of("a"), Freshness.LINEARIZABLE))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnavailableException.class)
        .withMessage(reason);
  }

  @Test
  void leaseRunOut_readsAreNotAnsweredFromMemory() {
    Await.change(store.put(put("a", "1")));
    lease.runOut();

    assertThat(store.get(Key.of("a"), Freshness.LINEARIZABLE)).isNotDone();
    assertThat(store.status().ready()).isFalse();
    assertThat(store.status().reason()).contains("lease");
  }

  @Test
  void unexpectedFailure_stopsTheStoreWithAReason() throws InterruptedException {
    reopen(
        EngineSettings.DEFAULT,
        new SafetyRules() {
          @Override
          boolean follows(LogEntry entry, Root root) {
            if (entry.position() > 4) {
              throw new IllegalStateException("nobody expected this");
            }
            return super.follows(entry, root);
          }
        });
    Await.change(store.put(put("a", "1")));
    Watch watch = store.watch(WatchRequest.fromNow(new Range.Exact(Key.of("b"))));
    assertThat(watch.next(SOON)).isPresent();

    assertThatThrownBy(
            () -> {
              Await.change(store.put(put("a", "2")));
              Await.change(store.put(put("a", "3")));
            })
        .isInstanceOf(OutcomeUnknownException.class);

    assertThat(store.status().ready()).isFalse();
    assertThat(store.status().reason()).contains("unexpected error").contains("restart");
    assertThatThrownBy(() -> text("a")).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> watch.next(SOON)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void stateThatDiffers_stopsTheStoreWithAReason() {
    Await.change(store.put(put("a", "1")));
    forge(LogEntry.READER, OptionalLong.of(42));

    assertThat(store.status().ready()).isFalse();
    assertThat(store.status().reason()).contains("differs");
  }

  @Test
  void entryOfANewerVersion_stopsTheStoreWithAReason() {
    Await.change(store.put(put("a", "1")));
    forge(LogEntry.READER + 1, OptionalLong.empty());

    assertThat(store.status().ready()).isFalse();
    assertThat(store.status().reason()).contains("upgrade");
  }

  private void forge(int minReader, OptionalLong digest) {
    LogEntry last = log.entries().getLast();
    log.forge(
        new LogEntry(
            last.position() + 1, last.epoch(), 1, last.nonce(), List.of(), minReader, digest));
    log.tellAll();
  }

  @Test
  void snapshot_aReplicaThatMissedIt_goesOnFromThere() throws Exception {
    Await.change(store.put(put("a", "1")));
    Await.change(store.put(put("a", "2")));
    log.client(link).snapshot(store.root()).get(1, TimeUnit.MINUTES);
    Await.change(store.put(put("a", "3")));
    long id = store.id();
    assertThat(log.entries()).hasSize(1);

    reopen(EngineSettings.DEFAULT, new SafetyRules());

    assertThat(text("a")).isEqualTo("3");
    assertThat(store.id()).isEqualTo(id);
    assertThat(store.status().oldest().value()).isEqualTo(4);
    assertThat(
            Await.read(store.get(Key.of("a"), Freshness.LINEARIZABLE))
                .entry()
                .orElseThrow()
                .version())
        .isEqualTo(3);
  }

  /** It may stand there or not, and is not decided again: it would happen twice. */
  @Test
  void entryThatASnapshotOfAnotherPassesOver_isUnknown() throws Exception {
    reopen(EngineSettings.DEFAULT.withPatience(SOON), new SafetyRules());
    Await.change(store.put(put("a", "1")));
    link.slow();
    CompletableFuture<PutOutcome> sent = begin("a", "2");
    lease.runOut();
    SlowLink theirs = new SlowLink();
    try (EngineStore next =
        EngineStore.open(log.client(theirs), new TestLease(true), EngineSettings.DEFAULT)) {
      Await.change(next.put(put("b", "1")));
      log.client(theirs).snapshot(next.root()).get(1, TimeUnit.MINUTES);
      Await.change(next.put(put("b", "2")));
    }

    link.quick();

    assertThat(sent)
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void closed_whoWaitsIsTold() {
    lease.lose();
    CompletableFuture<PutOutcome> held = begin("a", "1");

    store.close();

    assertThat(held).isCompletedExceptionally();
    assertThatThrownBy(held::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(UnavailableException.class);
  }
}
