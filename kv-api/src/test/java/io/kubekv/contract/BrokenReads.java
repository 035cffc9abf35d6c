package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stores that read wrongly: promises 2 and 7. */
final class BrokenReads {
  private BrokenReads() {}

  /** A cache per thread: a virtual thread sees the last change of another too late. */
  static final class BehindOtherThreads extends DelegatingStore {
    private record Before(Thread writer, Lookup lookup) {}

    private final Map<Key, Before> before = new ConcurrentHashMap<>();

    BehindOtherThreads(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            remember(request.key());
            return Await.change(super.put(request));
          });
    }

    @Override
    public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
      return Answered.by(
          () -> {
            remember(request.key());
            return Await.change(super.delete(request));
          });
    }

    private void remember(Key key) {
      try {
        before.put(
            key,
            new Before(Thread.currentThread(), Await.read(super.get(key, Freshness.LINEARIZABLE))));
      } catch (UnavailableException nothingKnown) {
        before.remove(key);
      }
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      Thread reader = Thread.currentThread();
      return Optional.ofNullable(before.get(key))
          .filter(old -> reader.isVirtual() && old.writer() != reader)
          .map(old -> CompletableFuture.completedFuture(old.lookup()))
          .orElseGet(() -> super.get(key, freshness));
    }
  }

  static final class EndsTooLate extends DelegatingStore {
    EndsTooLate(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      Range range =
          request.range() instanceof Range.Between between
              ? new Range.Between(
                  between.from(), between.to().map(to -> Key.of(to.text() + "\u0001")))
              : request.range();
      return super.list(new ListRequest(range, request.delimiter(), request.limit()), freshness);
    }
  }

  /** At least a revision, if it happens to be there. */
  static final class NeverWaits extends DelegatingStore {
    NeverWaits(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return super.get(key, freshness instanceof Freshness.AtLeast ? Freshness.STALE : freshness);
    }
  }

  /** A list that reads each entry when its turn comes. */
  static final class TornLists extends DelegatingStore {
    TornLists(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return Answered.by(
          () -> {
            Listing whole = Await.read(super.list(request, freshness));
            if (!(request.range() instanceof Range.WithPrefix)) {
              return whole;
            }
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : whole.entries()) {
              Await.read(get(entry.key(), freshness)).entry().ifPresent(entries::add);
              LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return new Listing(entries, whole.prefixes(), whole.revision());
          });
    }
  }

  static final class MissingWhenUnavailable extends DelegatingStore {
    MissingWhenUnavailable(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return super.get(key, freshness)
          .exceptionallyCompose(
              failure ->
                  Await.cause(failure) instanceof UnavailableException
                      ? CompletableFuture.completedFuture(
                          new Lookup(Optional.empty(), Revision.ZERO))
                      : CompletableFuture.failedFuture(failure));
    }
  }

  static final class EmptyWhenUnavailable extends DelegatingStore {
    EmptyWhenUnavailable(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return Answered.by(
          () -> {
            try {
              return Await.read(super.list(request, freshness));
            } catch (UnavailableException unknown) {
              return new Listing(List.of(), List.of(), Revision.ZERO);
            }
          });
    }
  }

  /** What stands now is what stood then. */
  static final class ForgetsThePast extends DelegatingStore {
    ForgetsThePast(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return freshness instanceof Freshness.At
          ? super.get(key, freshness)
              .thenCombine(
                  super.get(key, Freshness.LINEARIZABLE),
                  (then, now) -> new Lookup(now.entry(), then.revision()))
          : super.get(key, freshness);
    }
  }

  /** A revision that has not come is the latest. */
  static final class KnowsTheFuture extends DelegatingStore {
    KnowsTheFuture(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return super.get(key, freshness)
          .exceptionallyCompose(
              failure ->
                  Await.cause(failure) instanceof FutureRevisionException
                      ? super.get(key, Freshness.LINEARIZABLE)
                      : CompletableFuture.failedFuture(failure));
    }
  }

  /** What is forgotten was never there. */
  static final class MissingWhenForgotten extends DelegatingStore {
    MissingWhenForgotten(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return super.get(key, freshness)
          .exceptionallyCompose(
              failure ->
                  Await.cause(failure) instanceof CompactedException gone
                      ? CompletableFuture.completedFuture(
                          new Lookup(Optional.empty(), gone.wanted()))
                      : CompletableFuture.failedFuture(failure));
    }
  }

  static final class IgnoresLimits extends DelegatingStore {
    IgnoresLimits(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return super.list(new ListRequest(request.range(), request.delimiter()), freshness);
    }
  }

  static final class SaysThereIsNoMore extends DelegatingStore {
    SaysThereIsNoMore(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return super.list(request, freshness)
          .thenApply(
              all ->
                  new Listing(all.entries(), all.prefixes(), all.revision(), false, all.count()));
    }
  }

  static final class CountsWhatItAnswers extends DelegatingStore {
    CountsWhatItAnswers(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return super.list(request, freshness)
          .thenApply(
              all ->
                  new Listing(
                      all.entries(),
                      all.prefixes(),
                      all.revision(),
                      all.more(),
                      (long) all.entries().size() + all.prefixes().size()));
    }
  }
}
