package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.export.Item;
import io.kubekv.export.Placing;
import io.kubekv.export.Placing.Step;
import io.kubekv.page.ImportTally.Fate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Finds out what an import would change, and changes nothing. */
final class ImportLook {
  /** For all entries together. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final KeyValueStore store;
  private final Predicate<Key> mayPut;
  private final Freshness freshness;
  private final Placing placing;
  private final LongSupplier clock;
  private final long begun;
  private final ImportTally tally = new ImportTally();

  ImportLook(
      KeyValueStore store,
      Predicate<Key> mayPut,
      Freshness freshness,
      boolean overwrite,
      LongSupplier clock) {
    this.store = store;
    this.mayPut = mayPut;
    this.freshness = freshness;
    this.placing = new Placing(InstantSource.system(), overwrite, false);
    this.clock = clock;
    this.begun = clock.getAsLong();
  }

  ImportTally tally() {
    return tally;
  }

  void take(Item item) {
    if (clock.getAsLong() - begun > PATIENCE.toNanos()) {
      throw new PageError(
          503,
          "The store takes too long to look at the keys of this file, so nothing was changed: use"
              + " kubekv import.");
    }
    try {
      // beyond the limits of the store nobody is asked who may
      store.limits().check(item.key());
      Optional<Entry> there = Await.read(store.get(item.key(), freshness)).entry();
      take(item, placing.step(item, there));
    } catch (PermissionDeniedException | LimitExceededException refused) {
      tally.add(Fate.REFUSED, item.key(), String.valueOf(refused.getMessage()));
    }
  }

  private void take(Item item, Step step) {
    switch (step) {
      case Step.There there -> tally.add(Fate.SAME);
      case Step.Expired expired -> tally.add(Fate.EXPIRED);
      case Step.Kept kept ->
          tally.add(
              Fate.KEPT, item.key(), "changed last at revision " + kept.entry().modifyRevision());
      case Step.Write write -> {
        store.limits().check(write.put());
        if (!mayPut.test(item.key())) {
          tally.add(Fate.REFUSED, item.key(), "you may not put this key");
        } else if (write.replaced().isPresent()) {
          tally.add(Fate.CHANGED, item.key(), "");
        } else {
          tally.add(Fate.NEW);
        }
      }
    }
  }
}
