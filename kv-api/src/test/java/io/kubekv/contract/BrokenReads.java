package io.kubekv.contract;

import io.kubekv.CompactedException;
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
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/** Stores that read wrongly: promises 2 and 7. */
final class BrokenReads {
  private BrokenReads() {}

  /** A cache per thread: a virtual thread sees the last change of another too late. */
  static final class BehindOtherThreads extends ForwardingStore {
    private record Before(Thread writer, Lookup lookup) {}

    private final Map<Key, Before> before = new ConcurrentHashMap<>();

    BehindOtherThreads(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      remember(request.key());
      return super.put(request);
    }

    @Override
    public DeleteOutcome delete(DeleteRequest request) {
      remember(request.key());
      return super.delete(request);
    }

    private void remember(Key key) {
      try {
        before.put(key, new Before(Thread.currentThread(), super.get(key, Freshness.LINEARIZABLE)));
      } catch (UnavailableException nothingKnown) {
        before.remove(key);
      }
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      Thread reader = Thread.currentThread();
      return Optional.ofNullable(before.get(key))
          .filter(old -> reader.isVirtual() && old.writer() != reader)
          .map(Before::lookup)
          .orElseGet(() -> super.get(key, freshness));
    }
  }

  /** What is at hand at once is what was there before the last change. */
  static final class BehindAtOnce extends ForwardingStore {
    private final Map<Key, Lookup> before = new ConcurrentHashMap<>();

    BehindAtOnce(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      super.getAtOnce(request.key())
          .filter(now -> now.entry().isPresent())
          .ifPresent(now -> before.put(request.key(), now));
      return super.put(request);
    }

    @Override
    public Optional<Lookup> getAtOnce(Key key) {
      return Optional.ofNullable(before.get(key));
    }
  }

  /** What is begun shows what was there before the last change. */
  static final class BehindWhenBegun extends ForwardingStore {
    private final Map<Key, Lookup> before = new ConcurrentHashMap<>();

    BehindWhenBegun(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      super.getAtOnce(request.key())
          .filter(now -> now.entry().isPresent())
          .ifPresent(now -> before.put(request.key(), now));
      return super.put(request);
    }

    @Override
    public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
      return Optional.ofNullable(before.get(key)).map(CompletableFuture::completedFuture);
    }
  }

  /** A store that cannot ask says that there is nothing. */
  static final class MissingWhenBegun extends ForwardingStore {
    MissingWhenBegun(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
      Lookup nothing = new Lookup(Optional.empty(), Revision.ZERO);
      return Optional.of(CompletableFuture.completedFuture(nothing))
          .filter(said -> !status().ready());
    }
  }

  /** A store that cannot wait says that there is nothing. */
  static final class MissingAtOnce extends ForwardingStore {
    MissingAtOnce(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Optional<Lookup> getAtOnce(Key key) {
      Lookup nothing = new Lookup(Optional.empty(), Revision.ZERO);
      return super.getAtOnce(key).or(() -> Optional.of(nothing).filter(said -> !status().ready()));
    }
  }

  /** At least a revision, if it happens to be there. */
  static final class NeverWaits extends ForwardingStore {
    NeverWaits(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      return super.get(key, freshness instanceof Freshness.AtLeast ? Freshness.STALE : freshness);
    }
  }

  /** A list that reads each entry when its turn comes. */
  static final class TornLists extends ForwardingStore {
    TornLists(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Listing list(ListRequest request, Freshness freshness) {
      Listing whole = super.list(request, freshness);
      if (!(request.range() instanceof Range.WithPrefix)) {
        return whole;
      }
      List<Entry> entries = new ArrayList<>();
      for (Entry entry : whole.entries()) {
        get(entry.key(), freshness).entry().ifPresent(entries::add);
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      return new Listing(entries, whole.prefixes(), whole.revision());
    }
  }

  static final class MissingWhenUnavailable extends ForwardingStore {
    MissingWhenUnavailable(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      try {
        return super.get(key, freshness);
      } catch (UnavailableException unknown) {
        return new Lookup(Optional.empty(), Revision.ZERO);
      }
    }
  }

  static final class EmptyWhenUnavailable extends ForwardingStore {
    EmptyWhenUnavailable(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Listing list(ListRequest request, Freshness freshness) {
      try {
        return super.list(request, freshness);
      } catch (UnavailableException unknown) {
        return new Listing(List.of(), List.of(), Revision.ZERO);
      }
    }
  }

  /** What stands now is what stood then. */
  static final class ForgetsThePast extends ForwardingStore {
    ForgetsThePast(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      Lookup then = super.get(key, freshness);
      return freshness instanceof Freshness.At
          ? new Lookup(super.get(key, Freshness.LINEARIZABLE).entry(), then.revision())
          : then;
    }
  }

  /** A revision that has not come is the latest. */
  static final class KnowsTheFuture extends ForwardingStore {
    KnowsTheFuture(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      try {
        return super.get(key, freshness);
      } catch (FutureRevisionException early) {
        return super.get(key, Freshness.LINEARIZABLE);
      }
    }
  }

  /** What is forgotten was never there. */
  static final class MissingWhenForgotten extends ForwardingStore {
    MissingWhenForgotten(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      try {
        return super.get(key, freshness);
      } catch (CompactedException gone) {
        return new Lookup(Optional.empty(), gone.wanted());
      }
    }
  }
}
