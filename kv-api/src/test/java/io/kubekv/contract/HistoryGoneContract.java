package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Entry;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4 where the history ends: said, never skipped. */
abstract class HistoryGoneContract extends ContractGroup {
  private static final String KILOBYTE = "x".repeat(1024);

  HistoryGoneContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Override
  StoreSpec spec() {
    return StoreSpec.DEFAULT.withHistoryBytes(16 << 10);
  }

  /** Changes another key until the history begins after {@code revision}. */
  private void outgrow(Revision revision) {
    for (int i = 0; i < 1000 && !store().status().oldest().isAfter(revision); i++) {
      put("filler", KILOBYTE + i);
    }
    assertThat(store().status().oldest()).as("a history of 16 KiB").isGreaterThan(revision);
  }

  @Test
  void from_beforeTheHistory_isGone() throws InterruptedException {
    Revision first = put("a", "1").modifyRevision();
    outgrow(first);
    Changes changes = watch(WatchRequest.from(Range.all(), first));

    WatchEvent event = changes.next();

    assertThat(event).isInstanceOf(WatchEvent.HistoryGone.class);
    assertThat(event.revision()).isGreaterThan(first);
    assertThat(changes.watch().next(Duration.ZERO)).as("nothing after the last").isEmpty();
  }

  @Test
  void from_theRevisionThatGoneNames_works() throws InterruptedException {
    Revision first = put("a", "1").modifyRevision();
    outgrow(first);
    Revision usable = watch(WatchRequest.from(Range.all(), first)).next().revision();

    Changes changes = watch(WatchRequest.from(Range.all(), usable));

    assertThat(changes.next()).isNotInstanceOf(WatchEvent.HistoryGone.class);
  }

  @Test
  void slowWatch_overtakenByTheHistory_isGone() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    Revision unread = put("a", "1").modifyRevision();
    outgrow(unread);

    WatchEvent event = changes.next();
    while (event instanceof WatchEvent.Put put && !put.revision().isAfter(unread)) {
      event = changes.next();
    }

    boolean complete = event instanceof WatchEvent.Put put && put.entry().version() == 1;
    assertThat(complete || event instanceof WatchEvent.HistoryGone)
        .as("every change or gone, not %s", event)
        .isTrue();
  }

  @Test
  void exactKey_unchangedSinceTheStart_parksAndSeesTheNextChange() throws InterruptedException {
    Entry entry = put("a", "1");
    outgrow(entry.modifyRevision().next());
    Changes changes = watch(WatchRequest.from(exact("a"), entry.modifyRevision().next()));
    assertThat(changes.nextEvent()).isInstanceOf(WatchEvent.Progress.class);

    Entry next = put("a", "2");

    assertThat(changes.next())
        .isInstanceOfSatisfying(
            WatchEvent.Put.class, put -> assertThat(put.entry()).isEqualTo(next));
  }

  @Test
  void exactKey_changedSinceTheStart_isGone() throws InterruptedException {
    Entry first = put("a", "1");
    Entry second = put("a", "2");
    outgrow(second.modifyRevision());

    Changes changes = watch(WatchRequest.from(exact("a"), first.modifyRevision().next()));

    assertThat(changes.next()).isInstanceOf(WatchEvent.HistoryGone.class);
  }

  @Test
  void exactKey_missingNow_isGone() throws InterruptedException {
    Entry first = put("a", "1");
    Revision deleted = deleted(removal("a")).revision();
    outgrow(deleted);

    Changes changes = watch(WatchRequest.from(exact("a"), first.modifyRevision().next()));

    assertThat(changes.next()).isInstanceOf(WatchEvent.HistoryGone.class);
  }

  @Test
  void fromOldest_beginsWhereTheHistoryDoes() throws InterruptedException {
    Revision first = put("a", "1").modifyRevision();
    outgrow(first);

    try (Watch watch = store().watch(WatchRequest.fromOldest(Range.all()))) {
      WatchEvent event = watch.next(harness().patience()).orElseThrow();
      assertThat(event).isNotInstanceOf(WatchEvent.HistoryGone.class);
      assertThat(event.revision()).isGreaterThan(first);
    }
  }
}
