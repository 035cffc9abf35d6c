package io.kubekv.export;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * How items are put into a store: each with a precondition, so that what was changed since somebody
 * looked is never overwritten, and what is there already is left alone. Thread-safe.
 */
public final class Placing {
  private final InstantSource clock;
  private final boolean overwrite;
  private final boolean fullTimeToLive;

  /**
   * @param overwrite replace what is there and differs
   * @param fullTimeToLive start times to live anew, instead of going on with what is left of them
   */
  public Placing(InstantSource clock, boolean overwrite, boolean fullTimeToLive) {
    this.clock = clock;
    this.overwrite = overwrite;
    this.fullTimeToLive = fullTimeToLive;
  }

  /** What is to be done with an item. */
  public sealed interface Step {
    /** Nothing: the same is there. */
    record There() implements Step {}

    /** Nothing: something else is there, and stays. */
    record Kept(Entry entry) implements Step {}

    /** Nothing: its time is over. */
    record Expired() implements Step {}

    /**
     * It is to be written.
     *
     * @param put with the precondition that nothing has changed
     * @param replaced what it takes the place of
     */
    record Write(PutRequest put, Optional<Entry> replaced) implements Step {}
  }

  /** Decides by what is there. */
  public Step step(Item item, Optional<Entry> there) {
    if (there.isPresent() && item.is(there.get())) {
      return new Step.There();
    }
    if (there.isPresent() && !overwrite) {
      return new Step.Kept(there.get());
    }
    Optional<Duration> timeToLive = timeToLive(item);
    return timeToLive.isPresent() && !timeToLive.get().isPositive()
        ? new Step.Expired()
        : new Step.Write(request(item, there, timeToLive), there);
  }

  /** Writes in one change: the put, and the item's metadata where the put keeps other. */
  public static CompletableFuture<PutOutcome> write(
      KeyValueStore store, Item item, Step.Write write) {
    Bytes after =
        write.replaced().map(entry -> entry.metadata().content()).orElse(write.put().metadata());
    if (after.equals(item.metadata())) {
      return store.put(write.put());
    }
    TransactionRequest both =
        TransactionRequest.of(
            new TransactionOperation.Put(write.put()),
            new TransactionOperation.SetMetadata(item.key(), OptionalInt.empty(), item.metadata()));
    return store
        .transact(both)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case TransactionOutcome.Committed done ->
                      (PutOutcome.Stored) done.results().getFirst();
                  case TransactionOutcome.RolledBack refused ->
                      refused.failures().getFirst().refused();
                });
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
}
