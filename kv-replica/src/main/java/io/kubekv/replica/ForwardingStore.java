package io.kubekv.replica;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The store as any replica serves it: what must be answered by the holder of the lease is forwarded
 * to it; stale reads and watches are served here, from what the holder has announced.
 */
final class ForwardingStore extends DelegatingStore {
  private final LocalReplica local;
  private final Following following;
  private final Forwarding forwarding;
  private final ForwardingSessions sessions;

  /**
   * @param store this process's own; taken over
   */
  ForwardingStore(
      KeyValueStore store, LocalReplica local, Following following, Forwarding forwarding) {
    super(store);
    this.local = local;
    this.following = following;
    this.forwarding = forwarding;
    this.sessions = new ForwardingSessions(store.sessions(), forwarding);
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return reading(freshness, at -> at.get(key, freshness));
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return reading(freshness, at -> at.list(request, freshness));
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return reading(freshness, at -> at.directory(directory, freshness));
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return reading(freshness, at -> at.revision(freshness));
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return forwarding.change(
        at -> at.put(request),
        outcome ->
            switch (outcome) {
              case PutOutcome.Stored stored -> Optional.of(stored.entry().modifyRevision());
              case Refused refused -> Optional.empty();
            });
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return forwarding.change(
        at -> at.delete(request),
        outcome ->
            switch (outcome) {
              case DeleteOutcome.Deleted deleted -> Optional.of(deleted.revision());
              case Refused refused -> Optional.empty();
            });
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return forwarding.change(
        at -> at.deleteRange(request),
        deleted -> deleted.count() > 0 ? Optional.of(deleted.revision()) : Optional.empty());
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    if (request.onlyReads()) {
      return reading(request.freshness(), at -> at.transact(request));
    }
    return forwarding.change(
        at -> at.transact(request),
        outcome ->
            switch (outcome) {
              case TransactionOutcome.Committed committed -> Optional.of(committed.revision());
              case TransactionOutcome.RolledBack rolledBack -> Optional.empty();
            });
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return forwarding.changeThatArrives(
        at -> at.compact(first),
        forgotten -> Optional.of(atMost -> local.awaitCompacted(first, atMost)));
  }

  /** "From now" is what the holder says it is; the watch begins once that is shown here. */
  @Override
  public Watch watch(WatchRequest request) {
    if (!(request.start() instanceof WatchRequest.Now)) {
      return inner().watch(request);
    }
    if (local.isActive()) {
      Watch begun = inner().watch(request);
      if (local.isActive()) {
        return begun;
      }
      begun.close();
    }
    Revision now = Await.read(revision(Freshness.LINEARIZABLE));
    awaitShown(now);
    return inner().watch(request);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public StoreStatus status() {
    StoreStatus own = inner().status();
    if (own.ready() || forwarding.isClosed()) {
      return own;
    }
    boolean waits = following.holder().isEmpty();
    String problem = following.problem();
    String reason = waits && !problem.isEmpty() ? own.reason() + "; " + problem : problem;
    return new StoreStatus(
        reason.isEmpty(), reason, own.revision(), own.oldest(), own.entries(), own.bytes());
  }

  @Override
  public void close() {
    forwarding.close();
    super.close();
  }

  private void awaitShown(Revision now) {
    if (!forwarding.awaitShown(now)) {
      throw new UnavailableException(
          "the holder of the lease is at revision " + now + ", which is not announced here yet");
    }
  }

  private <T> CompletableFuture<T> reading(
      Freshness freshness, Function<KeyValueStore, CompletableFuture<T>> question) {
    return switch (freshness) {
      case Freshness.Linearizable now -> forwarding.ask(question);
      case Freshness.AtLeast atLeast -> question.apply(inner());
      case Freshness.Stale any -> question.apply(inner());
      case Freshness.At at -> readingAt(at.revision(), question);
    };
  }

  /** What stood at a revision is the same everywhere; only how far back it is known is not. */
  private <T> CompletableFuture<T> readingAt(
      Revision revision, Function<KeyValueStore, CompletableFuture<T>> question) {
    if (!local.isFilled() || revision.isAfter(local.shown())) {
      return forwarding.ask(question);
    }
    return question
        .apply(inner())
        .exceptionallyCompose(
            failure ->
                Await.cause(failure) instanceof CompactedException
                    ? forwarding.ask(question)
                    : CompletableFuture.failedFuture(failure));
  }
}
