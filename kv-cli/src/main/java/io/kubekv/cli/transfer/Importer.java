package io.kubekv.cli.transfer;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.cli.terminal.Refusals;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import io.kubekv.export.Item;
import io.kubekv.export.Placing;
import io.kubekv.export.Placing.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Puts items into a store, each with a precondition: what is there already is left alone, so an
 * import that was interrupted goes on when it is repeated, and what was changed since is never
 * overwritten by accident. Reads back what it has written. Thread-safe.
 */
final class Importer {
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** What became of an item. */
  enum Result {
    /** Written, and read back as it should be. */
    WRITTEN,
    /** The same was there. */
    THERE,
    /** Something else is there, and stays. */
    KEPT,
    /** Its time is over. */
    EXPIRED,
    /** The store does not take it. */
    REFUSED,
    /** Written, and changed or deleted by somebody else before it was read back. */
    CHANGED_SINCE
  }

  private final KeyValueStore store;
  private final Terminal terminal;
  private final InstantSource clock;
  private final Duration patience;
  private final Placing placing;

  /**
   * @param patience for how long an item is tried again while the store cannot answer
   * @param overwrite replace what is there and differs
   * @param fullTimeToLive start times to live anew, instead of going on with what is left of them
   */
  Importer(
      KeyValueStore store,
      Terminal terminal,
      InstantSource clock,
      Duration patience,
      boolean overwrite,
      boolean fullTimeToLive) {
    this.store = store;
    this.terminal = terminal;
    this.clock = clock;
    this.patience = patience;
    this.placing = new Placing(clock, overwrite, fullTimeToLive);
  }

  /**
   * Blocks until the item is settled; while the store cannot answer, as long as the patience.
   *
   * @throws TransferException when the store cannot answer for longer, or when something else is
   *     read than was written
   */
  Result settle(Item item) throws InterruptedException {
    Instant limit = clock.instant().plus(patience);
    boolean sent = false;
    while (true) {
      try {
        Optional<Result> result = attempt(item);
        if (result.isPresent()) {
          return sent && result.get() == Result.THERE ? Result.WRITTEN : result.get();
        }
      } catch (StoreException failure) {
        if (failure.advice() == StoreException.Advice.DO_NOT_RETRY) {
          return refused(item, String.valueOf(failure.getMessage()));
        }
        if (clock.instant().isAfter(limit)) {
          throw TransferException.unavailable(
              "the server does not answer any more; repeat the import to go on: "
                  + failure.getMessage(),
              failure);
        }
        sent = sent || failure.advice() == StoreException.Advice.READ_THEN_DECIDE;
        Thread.sleep(PAUSE);
      }
    }
  }

  /** One look and one put; empty when somebody else was faster. */
  private Optional<Result> attempt(Item item) {
    Optional<Entry> there = Await.read(store.get(item.key(), Freshness.LINEARIZABLE)).entry();
    return switch (placing.step(item, there)) {
      case Step.There same -> Optional.of(Result.THERE);
      case Step.Kept kept -> {
        terminal.say(
            Texts.line(item.key().text())
                + ": kept as it is, because it differs (revision "
                + kept.entry().modifyRevision()
                + ")");
        yield Optional.of(Result.KEPT);
      }
      case Step.Expired over -> Optional.of(Result.EXPIRED);
      case Step.Write write ->
          switch (Await.change(Placing.write(store, item, write))) {
            case PutOutcome.Stored stored ->
                Optional.of(readBack(item, stored.entry().modifyRevision()));
            case Refused refused -> again(item, refused);
          };
    };
  }

  private Optional<Result> again(Item item, Refused refused) {
    return switch (refused.reason()) {
      case EXISTS, CHANGED, MISSING -> Optional.empty();
      case IS_DIRECTORY,
          NOT_A_DIRECTORY,
          NOT_EMPTY,
          HELD,
          LOCK_DELAYED,
          NOT_HELD,
          NO_SESSION,
          FENCED,
          NO_PARENT,
          EPHEMERAL_PARENT ->
          Optional.of(refused(item, Refusals.explain(refused)));
    };
  }

  private Result refused(Item item, String reason) {
    terminal.say(Texts.line(item.key().text()) + ": not imported: " + reason);
    return Result.REFUSED;
  }

  private Result readBack(Item item, Revision written) {
    Optional<Entry> entry = Await.read(store.get(item.key(), Freshness.LINEARIZABLE)).entry();
    if (entry.isPresent() && item.is(entry.get())) {
      return Result.WRITTEN;
    }
    if (entry.isPresent() && entry.get().modifyRevision().equals(written)) {
      throw TransferException.wrong(
          Texts.line(item.key().text()) + ": something else is read than was written");
    }
    terminal.say(Texts.line(item.key().text()) + ": changed by somebody else since");
    return Result.CHANGED_SINCE;
  }
}
