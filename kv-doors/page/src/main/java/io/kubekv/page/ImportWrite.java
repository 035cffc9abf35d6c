package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.export.Item;
import io.kubekv.export.Placing;
import io.kubekv.export.Placing.Step;
import io.kubekv.page.ImportTally.Fate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Writes the entries of a file, some at a time. An entry that is refused is one that is refused;
 * when the store cannot answer, nothing more is tried, and what was is told.
 */
final class ImportWrite {
  /** Changes that are on their way at a time; they share entries of the log. */
  private static final int AT_ONCE = 64;

  /** After that nothing more is begun. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private record Begun(Key key, boolean isNew, CompletableFuture<PutOutcome> outcome) {}

  private final KeyValueStore store;
  private final Revision seen;
  private final Placing placing;
  private final LongSupplier clock;
  private final long begun;
  private final ImportTally tally = new ImportTally();
  private final Deque<Begun> onTheWay = new ArrayDeque<>();
  private String stopped = "";

  /**
   * @param seen of the store when somebody looked at what would change: what has changed since
   *     stays
   */
  ImportWrite(KeyValueStore store, Revision seen, boolean overwrite, LongSupplier clock) {
    this.store = store;
    this.seen = seen;
    this.placing = new Placing(InstantSource.system(), overwrite, false);
    this.clock = clock;
    this.begun = clock.getAsLong();
  }

  ImportTally tally() {
    return tally;
  }

  /** Why not all was tried; empty when all was. */
  String stopped() {
    return stopped;
  }

  void take(Item item) {
    if (stopped.isEmpty() && clock.getAsLong() - begun > PATIENCE.toNanos()) {
      stopped = "it took longer than " + PATIENCE.toSeconds() + " s";
    }
    if (!stopped.isEmpty()) {
      tally.add(Fate.NOT_TRIED);
      return;
    }
    try {
      begin(item);
    } catch (StoreException failure) {
      failed(item.key(), failure);
    }
  }

  private void begin(Item item) {
    Optional<Entry> there = Await.read(store.get(item.key(), Freshness.LINEARIZABLE)).entry();
    Step step = placing.step(item, there);
    if (step instanceof Step.Write write) {
      if (there.isPresent() && there.get().modifyRevision().compareTo(seen) > 0) {
        tally.add(Fate.CHANGED_SINCE, item.key(), "");
        return;
      }
      onTheWay.add(new Begun(item.key(), there.isEmpty(), Placing.write(store, item, write)));
      // what is below a directory comes when it is there
      settle(item.kind() == Kind.DIRECTORY ? 0 : AT_ONCE - 1);
      return;
    }
    switch (step) {
      case Step.There same -> tally.add(Fate.SAME);
      case Step.Expired over -> tally.add(Fate.EXPIRED);
      case Step.Kept kept ->
          tally.add(
              Fate.KEPT, item.key(), "changed last at revision " + kept.entry().modifyRevision());
      case Step.Write write -> throw new AssertionError("is written above");
    }
  }

  /** Waits for all that is on its way. */
  void finish() {
    settle(0);
  }

  private void settle(int left) {
    while (onTheWay.size() > left) {
      Begun first = onTheWay.remove();
      try {
        took(first, Await.change(first.outcome()));
      } catch (StoreException failure) {
        failed(first.key(), failure);
      }
    }
  }

  private void took(Begun begun, PutOutcome outcome) {
    switch (outcome) {
      case PutOutcome.Stored stored -> tally.add(begun.isNew() ? Fate.NEW : Fate.CHANGED);
      case Refused refused -> refused(begun.key(), refused);
    }
  }

  private void refused(Key key, Refused refused) {
    switch (refused.reason()) {
      case EXISTS, CHANGED, MISSING -> tally.add(Fate.CHANGED_SINCE, key, "");
      case IS_DIRECTORY -> tally.add(Fate.REFUSED, key, "it is a directory");
      case NOT_A_DIRECTORY -> tally.add(Fate.REFUSED, key, "what is above it is a value");
      case NOT_EMPTY -> tally.add(Fate.REFUSED, key, "it is a directory that is not empty");
      case HELD, LOCK_DELAYED, NOT_HELD, NO_SESSION, FENCED ->
          tally.add(Fate.REFUSED, key, "a session holds it as a lock");
      case NO_PARENT -> tally.add(Fate.REFUSED, key, "nothing is above it");
      case EPHEMERAL_PARENT -> tally.add(Fate.REFUSED, key, "what is above it ends with a session");
    }
  }

  /** Of one key, or of all that come after it. */
  private void failed(Key key, StoreException failure) {
    String why = String.valueOf(failure.getMessage());
    switch (failure) {
      case PermissionDeniedException denied -> tally.add(Fate.REFUSED, key, why);
      case LimitExceededException limit -> tally.add(Fate.REFUSED, key, why);
      case OutcomeUnknownException unknown -> {
        tally.add(Fate.UNKNOWN, key, why);
        stop(why);
      }
      case StoreException any -> {
        tally.add(Fate.NOT_TRIED, key, why);
        stop(why);
      }
    }
  }

  private void stop(String why) {
    if (stopped.isEmpty()) {
      stopped = Visible.cut(Visible.of(why), 300);
    }
  }
}
