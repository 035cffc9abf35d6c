package io.kubekv.cli.transfer;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.cli.terminal.Refusals;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import io.kubekv.export.Item;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

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
  private final boolean overwrite;
  private final boolean fullTimeToLive;

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
    this.overwrite = overwrite;
    this.fullTimeToLive = fullTimeToLive;
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
    if (there.isPresent() && item.is(there.get())) {
      return Optional.of(Result.THERE);
    }
    if (there.isPresent() && !overwrite) {
      terminal.say(
          Texts.line(item.key().text())
              + ": kept as it is, because it differs (revision "
              + there.get().modifyRevision()
              + ")");
      return Optional.of(Result.KEPT);
    }
    Optional<Duration> timeToLive = timeToLive(item);
    if (timeToLive.isPresent() && !timeToLive.get().isPositive()) {
      return Optional.of(Result.EXPIRED);
    }
    return switch (write(item, request(item, there, timeToLive), there)) {
      case PutOutcome.Stored stored -> Optional.of(readBack(item, stored.entry().modifyRevision()));
      case Refused refused -> again(item, refused);
    };
  }

  /** One change: the put, and the item's metadata where the put keeps other. */
  private PutOutcome write(Item item, PutRequest put, Optional<Entry> there) {
    Bytes after = there.map(entry -> entry.metadata().content()).orElse(put.metadata());
    if (after.equals(item.metadata())) {
      return Await.change(store.put(put));
    }
    TransactionRequest both =
        TransactionRequest.of(
            new TransactionOperation.Put(put),
            new TransactionOperation.SetMetadata(item.key(), OptionalInt.empty(), item.metadata()));
    return switch (Await.change(store.transact(both))) {
      case TransactionOutcome.Committed done -> (PutOutcome.Stored) done.results().getFirst();
      case TransactionOutcome.RolledBack refused -> refused.failures().getFirst().refused();
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

  private Optional<Duration> timeToLive(Item item) {
    return fullTimeToLive
        ? item.timeToLive()
        : item.expiresAt().map(end -> Duration.between(clock.instant(), end));
  }

  private static PutRequest request(
      Item item, Optional<Entry> there, Optional<Duration> timeToLive) {
    boolean sameKind = there.isEmpty() || there.get().kind() == item.kind();
    PutRequest request =
        item.kind() == Kind.DIRECTORY
            ? PutRequest.directory(item.key())
            : PutRequest.of(item.key(), item.value())
                .withFlags(item.flags())
                .withMetadata(item.metadata())
                .withMode(sameKind ? PutMode.UPDATE : PutMode.REPLACE);
    Precondition condition =
        there
            .<Precondition>map(entry -> new Precondition.RevisionIs(entry.modifyRevision()))
            .orElse(Precondition.ABSENT);
    return timeToLive.map(request::withTimeToLive).orElse(request).withPrecondition(condition);
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
