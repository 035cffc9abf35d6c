package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Refused.Reason;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 5: never before its time, after it within the bound, and once. */
abstract class ExpiryContract extends ContractGroup {
  private static final Duration TTL = Duration.ofSeconds(1);
  private static final int STEPS = 8;

  ExpiryContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest mortal(String key) {
    return value(key, "mortal").withTimeToLive(TTL);
  }

  private static PutRequest refresh(String key, Duration timeToLive) {
    return PutRequest.of(Key.of(key), Bytes.EMPTY)
        .withMode(PutMode.REFRESH)
        .withTimeToLive(timeToLive);
  }

  private ClockDriver clock() {
    return harness().clock();
  }

  private void pass(Duration time) {
    clock().advance(time);
  }

  /** Steps through the time to live; an entry that is missing must be out of time. */
  private void assertNotEarly(String key, long from) {
    for (int step = 0; step < STEPS - 1; step++) {
      clock().advance(TTL.dividedBy(STEPS));
      boolean missing = get(key).isEmpty();
      long elapsed = clock().nanos() - from;
      assertThat(missing && elapsed < TTL.toNanos())
          .as("%s is missing after %s of %s", key, Duration.ofNanos(elapsed), TTL)
          .isFalse();
    }
  }

  /** Equal but for the instant of the end, which a store may know better later. */
  private static void assertSame(Entry actual, Entry wanted) {
    assertThat(withoutInstant(actual)).isEqualTo(withoutInstant(wanted));
  }

  private static Entry withoutInstant(Entry entry) {
    return new Entry(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.createRevision(),
        entry.modifyRevision(),
        entry.version(),
        entry.expiry().map(expiry -> new Expiry(expiry.timeToLive(), Instant.EPOCH)),
        entry.lock(),
        entry.attachedTo(),
        entry.metadata(),
        entry.times());
  }

  private void awaitMissing(String key) {
    eventually(key + " has expired", () -> get(key).isEmpty());
  }

  @Test
  void entry_showsItsExpiry() {
    Entry entry = stored(mortal("a")).entry();

    assertThat(entry.expiry().orElseThrow().timeToLive()).isEqualTo(TTL);
    assertSame(get("a").orElseThrow(), entry);
  }

  @Test
  void entry_livesItsTimeAndNoLonger() {
    long before = clock().nanos();
    stored(mortal("a"));

    assertNotEarly("a", before);
    pass(TTL.plus(clock().tolerance()));

    assertThat(get("a")).as("an entry out of its time and the store's tolerance").isEmpty();
  }

  @Test
  void entryWithoutTimeToLive_staysForEver() {
    put("a", "immortal");
    stored(mortal("b"));

    pass(TTL.multipliedBy(2));
    awaitMissing("b");

    assertThat(text("a")).contains("immortal");
  }

  @Test
  void expiry_isADeleteThatSaysSo() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    Entry entry = stored(mortal("a")).entry();

    pass(TTL);

    assertSame(changes.nextPut().entry(), entry);
    WatchEvent.Delete expiry = changes.nextDelete();
    assertThat(expiry.cause()).isEqualTo(Cause.EXPIRE);
    assertSame(expiry.previous(), entry);
    assertThat(expiry.revision()).isGreaterThan(entry.modifyRevision());
  }

  @Test
  void zero_endsTheEntryAtOnce() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    stored(value("a", "1").withTimeToLive(Duration.ZERO));

    pass(Duration.ofMillis(1));

    assertThat(changes.nextPut().entry().key()).isEqualTo(Key.of("a"));
    assertThat(changes.nextDelete().cause()).isEqualTo(Cause.EXPIRE);
    awaitMissing("a");
  }

  @Test
  void refresh_startsTheTimeAnew() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    stored(mortal("a"));
    clock().advance(TTL.dividedBy(2));
    long before = clock().nanos();
    PutOutcome refreshed = Await.change(store().put(refresh("a", TTL)));

    assertThat(refreshed).isInstanceOf(PutOutcome.Stored.class);
    assertNotEarly("a", before);
    pass(TTL);
    awaitMissing("a");
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.REFRESH);
    assertThat(changes.nextDelete().cause()).isEqualTo(Cause.EXPIRE);
  }

  @Test
  void put_withAnotherTimeToLive_startsThatAnew() {
    stored(value("a", "1").withTimeToLive(Duration.ofHours(1)));
    long before = clock().nanos();
    stored(mortal("a"));

    assertNotEarly("a", before);
    pass(TTL);
    awaitMissing("a");
  }

  @Test
  void put_withoutTimeToLive_makesTheEntryPermanent() {
    stored(mortal("a"));
    Entry swapped =
        stored(value("a", "kept").withPrecondition(new Precondition.ValueIs(bytes("mortal"))))
            .entry();
    stored(mortal("b"));

    pass(TTL.multipliedBy(2));
    awaitMissing("b");

    assertThat(swapped.expiry()).isEmpty();
    assertThat(get("a")).contains(swapped);
  }

  @Test
  void put_afterDelete_isNotEndedByTheOldTime() {
    stored(mortal("a"));
    deleted(removal("a"));
    put("a", "new");
    stored(mortal("b"));

    pass(TTL.multipliedBy(2));
    awaitMissing("b");

    assertThat(text("a")).contains("new");
  }

  @Test
  void expired_isMissingForEveryPrecondition() {
    Entry entry = stored(mortal("a")).entry();
    pass(TTL);
    awaitMissing("a");

    refused(refresh("a", TTL), Reason.MISSING);
    refused(
        value("a", "2").withPrecondition(new Precondition.RevisionIs(entry.modifyRevision())),
        Reason.MISSING);
    refused(removal("a"), Reason.MISSING);
    assertThat(stored(value("a", "3").withPrecondition(Precondition.ABSENT)).entry().version())
        .isEqualTo(1);
  }

  @Test
  void directory_takesWhatIsBelowWithIt() {
    Duration time = TTL.multipliedBy(3); // so long that what is below comes before its end
    stored(directory("d").withTimeToLive(time));
    stored(treeValue("d/e/f", "1"));
    stored(treeValue("dd", "1"));

    pass(time);
    awaitMissing("d");
    eventually("nothing is left below d", () -> ListContract.keys(store(), tree("d")).isEmpty());

    assertThat(ListContract.keys(store(), Range.all())).containsExactly("dd");
  }

  @Test
  void manyEntries_eachExpiresOnce() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    for (int i = 0; i < 20; i++) {
      stored(mortal("k" + i));
    }
    pass(TTL);
    eventually("all have expired", () -> ListContract.keys(store(), Range.all()).isEmpty());
    put("last", "");

    assertThat(changes.before("last"))
        .filteredOn(event -> event instanceof WatchEvent.Delete)
        .hasSize(20)
        .allSatisfy(
            event -> assertThat(((WatchEvent.Delete) event).cause()).isEqualTo(Cause.EXPIRE));
  }

  @Test
  void refreshAndExpiry_racing_oneWins() throws Exception {
    for (int round = 0; round < 3; round++) {
      String key = "race" + round;
      Changes changes = watch(WatchRequest.fromNow(exact(key)));
      stored(mortal(key));
      Callable<PutOutcome> refresher =
          () -> {
            clock().advance(TTL.dividedBy(2));
            return Await.change(store().put(refresh(key, Duration.ofHours(1))));
          };
      Callable<PutOutcome> time =
          () -> {
            clock().advance(TTL.dividedBy(2));
            return new Refused(Reason.MISSING, get(key), revision());
          };

      PutOutcome outcome = Together.all(harness().patience(), List.of(refresher, time)).getFirst();

      assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
      if (outcome instanceof PutOutcome.Stored) {
        assertThat(changes.nextPut().cause()).isEqualTo(Cause.REFRESH);
        assertThat(text(key)).contains("mortal");
      } else {
        assertThat(changes.nextDelete().cause()).isEqualTo(Cause.EXPIRE);
        assertThat(get(key)).isEmpty();
      }
    }
  }

  @Test
  void restart_doesNotMakeEntriesPermanentNorEndThemEarly() {
    long before = clock().nanos();
    stored(mortal("a"));
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertNotEarly("a", before);
    pass(TTL);
    awaitMissing("a");
  }
}
