package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4: every change from the start on, with what was there before. */
abstract class WatchContract extends ContractGroup {
  private static final int MANY = 300;

  WatchContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void fromNow_seesLaterChangesOnly() throws InterruptedException {
    Revision before = put("a", "before").modifyRevision();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Entry after = put("a", "after");

    assertThat(changes.watch().start()).isGreaterThanOrEqualTo(before);
    assertThat(changes.watch().start()).isLessThan(after.modifyRevision());
    assertThat(changes.nextPut().entry()).isEqualTo(after);
  }

  @Test
  void events_carryThePreviousEntry() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    PutOutcome.Stored first = stored(value("a", "1"));
    PutOutcome.Stored second = stored(value("a", "2"));
    DeleteOutcome.Deleted deleted = deleted(removal("a"));
    PutOutcome.Stored again = stored(value("a", "3"));

    assertThat(changes.next())
        .isEqualTo(new WatchEvent.Put(first.entry(), Optional.empty(), Cause.SET));
    assertThat(changes.next())
        .isEqualTo(new WatchEvent.Put(second.entry(), Optional.of(first.entry()), Cause.SET));
    assertThat(changes.next())
        .isEqualTo(
            new WatchEvent.Delete(deleted.revision(), second.entry(), Cause.DELETE, List.of()));
    assertThat(changes.next())
        .isEqualTo(new WatchEvent.Put(again.entry(), Optional.empty(), Cause.SET));
  }

  @Test
  void from_pastRevision_replaysFromThatChangeOn() throws InterruptedException {
    put("a", "1");
    Entry second = put("b", "2");
    Entry third = put("a", "3");

    Changes changes = watch(WatchRequest.from(Range.all(), second.modifyRevision()));

    assertThat(changes.watch().start()).isEqualTo(second.modifyRevision());
    assertThat(changes.nextPut().entry()).isEqualTo(second);
    assertThat(changes.nextPut().entry()).isEqualTo(third);
  }

  @Test
  void from_futureRevision_waitsForIt() throws InterruptedException {
    Revision seen = put("a", "1").modifyRevision();
    Changes changes = watch(WatchRequest.from(exact("a"), seen.next()));

    Entry later = put("a", "2");

    assertThat(changes.nextPut().entry()).isEqualTo(later);
  }

  @Test
  void from_farRevision_skipsWhatComesBefore() throws InterruptedException {
    Revision far = new Revision(put("a", "1").modifyRevision().value() + 3);
    Changes changes = watch(WatchRequest.from(Range.all(), far));
    Entry entry = put("a", "2");
    for (int i = 3; entry.modifyRevision().isBefore(far); i++) {
      entry = put("a", Integer.toString(i));
    }

    assertThat(changes.nextPut().entry()).isEqualTo(entry);
  }

  @Test
  void progress_comesOnceAfterWhatWasKnown() throws InterruptedException {
    Entry first = put("a", "1");
    Changes changes = watch(WatchRequest.from(Range.all(), first.modifyRevision()));

    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Put.class);
    WatchEvent progress = changes.nextEvent();
    assertThat(progress).isInstanceOf(WatchEvent.Progress.class);
    assertThat(progress.revision()).isGreaterThanOrEqualTo(first.modifyRevision());
  }

  @Test
  void progress_fromNow_comesFirst() throws InterruptedException {
    Revision known = put("a", "1").modifyRevision();
    Changes changes = watch(WatchRequest.fromNow(exact("b")));

    WatchEvent progress = changes.nextEvent();

    assertThat(progress).isInstanceOf(WatchEvent.Progress.class);
    assertThat(progress.revision()).isGreaterThanOrEqualTo(known);
  }

  @Test
  void ranges_seeTheirKeysOnly() throws InterruptedException {
    Changes exact = watch(WatchRequest.fromNow(exact("a/b")));
    Changes prefix = watch(WatchRequest.fromNow(prefix("a/b")));
    Changes tree = watch(WatchRequest.fromNow(tree("a")));
    List<String> keys = List.of("z", "a", "ab", "a/bc", "a/b/c", "a/b");
    keys.forEach(key -> put(key, "1"));

    assertThat(keysUntil(exact, "a/b")).isEmpty();
    assertThat(keysUntil(prefix, "a/b")).containsExactly("a/bc", "a/b/c");
    assertThat(keysUntil(tree, "a/b")).containsExactly("a", "a/bc", "a/b/c");
  }

  @Test
  void fromOldest_seesEverything() throws InterruptedException {
    Entry first = put("a", "1");
    Entry second = put("b", "1");

    Changes changes = watch(WatchRequest.fromOldest(Range.all()));

    assertThat(changes.nextPut().entry()).isEqualTo(first);
    assertThat(changes.nextPut().entry()).isEqualTo(second);
  }

  @Test
  void deletedTree_isSeenByAWatchBelowIt() throws InterruptedException {
    put("a", "1");
    put("a/b", "2");
    Changes changes = watch(WatchRequest.fromNow(exact("a/b")));

    Await.change(store().deleteRange(tree("a")));

    WatchEvent.Delete delete = changes.nextDelete();
    assertThat(delete.previous().key().text()).isEqualTo("a");
  }

  @Test
  void manyWatches_areAllWoken() throws Exception {
    List<Changes> watches = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      watches.add(watch(WatchRequest.fromNow(i % 2 == 0 ? exact("a") : Range.all())));
    }
    List<Callable<Revision>> tasks = new ArrayList<>();
    watches.forEach(each -> tasks.add(() -> each.nextPut().revision()));
    tasks.add(() -> put("a", "1").modifyRevision());

    List<Revision> seen = Together.all(harness().patience(), tasks);

    assertThat(seen).hasSize(MANY + 1).containsOnly(get("a").orElseThrow().modifyRevision());
  }

  @Test
  void next_zero_doesNotWait() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);

    assertThat(changes.watch().next(Duration.ZERO)).isEmpty();
  }

  @Test
  void between_tellsWhatLiesThere() throws InterruptedException {
    Range range = new Range.Between(Key.of("a/"), Optional.of(Key.of("b")));
    Changes changes = watch(WatchRequest.fromNow(range));

    put("a", "before");
    put("b", "behind");
    Entry first = put("a/", "1");
    put("b/c", "behind");
    Entry second = put("ab", "2");

    assertThat(changes.nextPut().entry()).isEqualTo(first);
    assertThat(changes.nextPut().entry()).isEqualTo(second);
  }

  /** Who asked to be called, and how often he was. */
  private static final class Calls {
    private final AtomicInteger number = new AtomicInteger();
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    void call() {
      number.incrementAndGet();
      first.complete(null);
    }
  }

  /** Goes on until there is nothing more to be told now, and asks to be called. */
  private static Calls called(Changes changes) throws InterruptedException {
    Calls calls = new Calls();
    while (changes.watch().next(Duration.ZERO).isPresent()) {}
    changes.watch().whenReady(calls::call);
    return calls;
  }

  private void await(Calls calls) {
    assertThat(calls.first).succeedsWithin(harness().patience());
  }

  @Test
  void whenReady_callsOnceThereIsAnEvent() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(exact("a")));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);
    Calls calls = called(changes);
    assertThat(calls.first).as("nothing has happened").isNotDone();

    Entry first = put("a", "1");

    await(calls);
    assertThat(changes.nextPut().entry()).isEqualTo(first);
    Calls again = called(changes);
    assertThat(again.first).as("nothing more has happened").isNotDone();
    Entry second = put("a", "2");
    await(again);
    assertThat(changes.nextPut().entry()).isEqualTo(second);
    put("a", "3");
    assertThat(changes.nextPut().entry().value().toText()).isEqualTo("3");
    changes.close();
    assertThat(calls.number).as("calls of the first").hasValue(1);
    assertThat(again.number).as("calls of the second").hasValue(1);
  }

  @Test
  void whenReady_withAnEventThere_callsAtOnce() throws InterruptedException {
    Entry entry = put("a", "1");
    Changes changes = watch(WatchRequest.from(exact("a"), entry.modifyRevision()));
    Calls calls = new Calls();

    changes.watch().whenReady(calls::call);

    await(calls);
    assertThat(changes.nextPut().entry()).isEqualTo(entry);
  }

  @Test
  void whenReady_closed_callsBack() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(exact("a")));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);
    Calls calls = called(changes);
    assertThat(calls.first).as("it is open").isNotDone();

    changes.close();

    await(calls);
    assertThat(changes.watch().next(Duration.ZERO)).isEmpty();
    changes.close();
    assertThat(calls.number).hasValue(1);
  }

  @Test
  void close_fromAnotherThread_endsTheWaiting() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);

    List<Boolean> ended =
        Together.all(
            harness().patience(),
            List.of(
                () -> changes.watch().next(Duration.ofDays(1)).isEmpty(),
                () -> {
                  changes.close();
                  return true;
                }));

    assertThat(ended).containsOnly(true);
    assertThat(changes.watch().next(Duration.ZERO)).isEmpty();
    changes.close();
  }

  @Test
  void interrupt_leavesTheWatchUsable() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> changes.watch().next(Duration.ofDays(1)))
        .isInstanceOf(InterruptedException.class);
    Entry entry = put("a", "1");

    assertThat(changes.nextPut().entry()).isEqualTo(entry);
  }

  @Test
  void storeClosed_endsTheWaiting() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);

    List<String> ends =
        Together.all(
            harness().patience(),
            List.of(
                () -> {
                  assertThatThrownBy(() -> changes.watch().next(Duration.ofDays(1)))
                      .isInstanceOf(UnavailableException.class);
                  return "woken";
                },
                () -> {
                  store().close();
                  return "closed";
                }));

    assertThat(ends).containsExactly("woken", "closed");
  }

  private static List<String> keysUntil(Changes changes, String last) throws InterruptedException {
    return changes.before(last).stream()
        .map(event -> ((WatchEvent.Put) event).entry().key().text())
        .toList();
  }
}
