package io.kubekv.contract;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A client of the store inside, over a connection that fails on demand; closing it leaves the store
 * inside open.
 */
public final class FaultyStore extends ForwardingStore {
  private enum Fault {
    NONE,
    LOSE_REQUEST,
    LOSE_ANSWER
  }

  private final AtomicReference<Fault> next = new AtomicReference<>(Fault.NONE);
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean reachable;
  private volatile boolean closed;

  public FaultyStore(KeyValueStore inner, boolean reachable) {
    super(inner);
    this.reachable = reachable;
  }

  public void loseNextAnswer() {
    next.set(Fault.LOSE_ANSWER);
  }

  public void loseNextRequest() {
    next.set(Fault.LOSE_REQUEST);
  }

  public void setReachable(boolean now) {
    reachable = now;
  }

  public boolean reachable() {
    return reachable;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    requireUp();
    return inner().get(key, freshness);
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    requireOpen();
    return reachable ? inner().getAtOnce(key) : Optional.empty();
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    requireOpen();
    return reachable ? inner().beginGet(key, executor) : Optional.empty();
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    requireUp();
    return inner().list(request, freshness);
  }

  @Override
  public Revision revision(Freshness freshness) {
    requireUp();
    return inner().revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    return change(() -> inner().put(request));
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    return change(() -> inner().delete(request));
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return change(() -> inner().deleteRange(range));
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    if (request.onlyReads()) {
      requireUp();
      return inner().transact(request);
    }
    return change(() -> inner().transact(request));
  }

  @Override
  public Watch watch(WatchRequest request) {
    requireUp();
    Watch watch = inner().watch(request);
    watches.add(watch);
    return new ForwardingWatch(watch) {
      @Override
      public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
        Optional<WatchEvent> event = super.next(atMost);
        requireOpen();
        return event;
      }

      @Override
      public void close() {
        super.close();
        watches.remove(watch);
      }
    };
  }

  @Override
  public Sessions sessions() {
    return new ForwardingSessions(inner().sessions()) {
      @Override
      public Session create(SessionSpec spec) {
        return change(() -> super.create(spec));
      }

      @Override
      public Optional<Session> renew(SessionId id) {
        return change(() -> super.renew(id));
      }

      @Override
      public boolean destroy(SessionId id) {
        return change(() -> super.destroy(id));
      }

      @Override
      public SessionLookup get(SessionId id, Freshness freshness) {
        requireUp();
        return super.get(id, freshness);
      }

      @Override
      public SessionListing list(Freshness freshness) {
        requireUp();
        return super.list(freshness);
      }
    };
  }

  @Override
  public StoreStatus status() {
    StoreStatus status = inner().status();
    boolean ready = reachable && !closed;
    return new StoreStatus(
        ready,
        ready ? "" : "cut off",
        status.revision(),
        status.oldest(),
        status.entries(),
        status.bytes());
  }

  @Override
  public void close() {
    closed = true;
    watches.forEach(Watch::close);
  }

  private <T> T change(Supplier<T> change) {
    requireUp();
    Fault fault = next.getAndSet(Fault.NONE);
    if (fault == Fault.LOSE_REQUEST) {
      throw new OutcomeUnknownException("no answer came");
    }
    T outcome = change.get();
    if (fault == Fault.LOSE_ANSWER) {
      throw new OutcomeUnknownException("no answer came");
    }
    return outcome;
  }

  private void requireUp() {
    requireOpen();
    if (!reachable) {
      throw new UnavailableException("the store inside cannot be reached");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }
}
