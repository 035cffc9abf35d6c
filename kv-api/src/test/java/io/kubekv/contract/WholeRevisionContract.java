package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOutcome;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4: what was changed together is told together, and nobody resumes in the middle. */
abstract class WholeRevisionContract extends TransactionGroup {
  WholeRevisionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void events_comeTogether() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    put("before", "1");
    committed(putting("a", "1"), putting("b", "1"), putting("c", "1"), get(Key.of("a")));
    put("after", "1");

    assertThat(keyOf(changes.next())).isEqualTo("before");
    assertThat(changes.watch().isWithinRevision()).isFalse();
    assertThat(keyOf(changes.next())).isEqualTo("a");
    assertThat(changes.watch().isWithinRevision()).isTrue();
    assertThat(changes.watch().next(Duration.ZERO).map(TransactionGroup::keyOf)).contains("b");
    assertThat(changes.watch().isWithinRevision()).isTrue();
    assertThat(changes.watch().next(Duration.ZERO).map(TransactionGroup::keyOf)).contains("c");
    assertThat(changes.watch().isWithinRevision()).isFalse();
    assertThat(keyOf(changes.next())).isEqualTo("after");
  }

  @Test
  void watchOfSomeKeys_isWithinTheRevisionUntilItsLast() throws InterruptedException {
    Changes one = watch(WatchRequest.fromNow(exact("p/a")));
    Changes some = watch(WatchRequest.fromNow(prefix("p/")));
    committed(putting("p/a", "1"), putting("p/b", "1"), putting("q", "1"), get(Key.of("q")));

    assertThat(keyOf(one.next())).isEqualTo("p/a");
    assertThat(one.watch().isWithinRevision()).isFalse();
    assertThat(keyOf(some.next())).isEqualTo("p/a");
    assertThat(some.watch().isWithinRevision()).isTrue();
    assertThat(keyOf(some.next())).isEqualTo("p/b");
    assertThat(some.watch().isWithinRevision()).isFalse();
  }

  @Test
  void resuming_afterTheRevision_goesOnBehindTheWholeTransaction() throws InterruptedException {
    Revision revision =
        committed(putting("a", "1"), putting("b", "1"), get(Key.of("a"))).revision();
    committed(putting("c", "1"), putting("d", "1"), get(Key.of("c")));
    put("last", "");

    List<WatchEvent> whole = watchedAgain(revision);
    List<WatchEvent> later = watchedAgain(revision.next());

    assertThat(whole.stream().map(TransactionGroup::keyOf)).containsExactly("a", "b", "c", "d");
    assertThat(later.stream().map(TransactionGroup::keyOf)).containsExactly("c", "d");
  }

  /** What a watch tells that begins at a revision of the past. */
  private List<WatchEvent> watchedAgain(Revision first) throws InterruptedException {
    return watch(WatchRequest.from(Range.all(), first)).before("last");
  }

  @Test
  void past_isToldAsItWasToldThen() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    Revision first =
        committed(putting("a", "1"), putting("b", "1"), putting("a", "2"), deleting("b"))
            .revision();
    put("last", "");

    assertThat(watchedAgain(first)).hasSize(4).isEqualTo(changes.before("last"));
  }

  @Test
  void putWithParents_isOneRevision() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    stored(treeValue("d/e/f", "1"));

    assertThat(keyOf(changes.next())).isEqualTo("d");
    assertThat(changes.watch().isWithinRevision()).isTrue();
    assertThat(keyOf(changes.next())).isEqualTo("d/e");
    assertThat(changes.watch().isWithinRevision()).isTrue();
    assertThat(keyOf(changes.next())).isEqualTo("d/e/f");
    assertThat(changes.watch().isWithinRevision()).isFalse();
  }

  @Test
  void keyChangedTwice_isTwoEvents() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.Committed outcome =
        committed(putting("a", "1"), putting("a", "2"), deleting("a"), putting("a", "3"));

    Entry first = stored(outcome.results().get(0)).entry();
    Entry second = stored(outcome.results().get(1)).entry();
    Entry last = stored(outcome.results().get(3)).entry();
    assertThat(changes.next()).isEqualTo(new WatchEvent.Put(first, Optional.empty(), Cause.SET));
    assertThat(changes.next()).isEqualTo(new WatchEvent.Put(second, Optional.of(first), Cause.SET));
    assertThat(changes.next())
        .isEqualTo(new WatchEvent.Delete(outcome.revision(), second, Cause.DELETE, List.of()));
    assertThat(changes.next()).isEqualTo(new WatchEvent.Put(last, Optional.empty(), Cause.SET));
  }
}
