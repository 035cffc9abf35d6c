package io.kubekv.etcd;

import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the one watch of this process has told so far: the state, its history, and which of our own
 * writes have been seen. Older than etcd by the delay of the watch, and never newer. Thread-safe.
 *
 * <p>As a {@link View} it may change between two questions; whoever decides on it has etcd compare
 * what it has seen.
 */
final class Index implements View {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final State state = new State();
  private final History history;
  private final Map<WriteId, PendingWrite> pending = new HashMap<>();
  private Revision revision = Revision.ZERO;
  private Revision sessionsChanged = Revision.ZERO;
  private int restorations;
  private boolean loaded;
  private boolean closed;

  Index(long historyBytes) {
    this.history = new History(historyBytes);
  }

  /** Starts anew with all that stands in etcd at a revision, and no history. */
  void load(Commit everything) {
    locked(
        () -> {
          if (everything.revision().isBefore(revision)) {
            restorations++;
          }
          state.clear();
          state.apply(everything);
          revision = everything.revision();
          sessionsChanged = revision;
          history.restart(revision.next());
          loaded = true;
          changed.signalAll();
          return loaded;
        });
  }

  void apply(Commit commit) {
    locked(
        () -> {
          List<WatchEvent> events =
              commit.events((key, carried) -> state.entry(key).map(EntryRecord::entry));
          if (state.apply(commit)) {
            sessionsChanged = commit.revision();
          }
          revision = commit.revision();
          events.forEach(history::add);
          for (WriteId id : commit.writeIds()) {
            Optional.ofNullable(pending.remove(id))
                .ifPresent(write -> write.seen(commit.revision(), events));
          }
          changed.signalAll();
          return loaded;
        });
  }

  /** Announces a write before it is sent. */
  PendingWrite expect(WriteId id) {
    return locked(
        () -> {
          PendingWrite write = new PendingWrite(this, id);
          pending.put(id, write);
          return write;
        });
  }

  void forget(WriteId id) {
    locked(() -> pending.remove(id));
  }

  /** Waits, within the deadline; whether {@code reached}. */
  boolean await(BooleanSupplier reached, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!reached.getAsBoolean() && !closed && !deadline.passed()) {
        boolean timely = changed.await(deadline.left(), TimeUnit.NANOSECONDS);
        if (!timely) {
          break;
        }
      }
      return reached.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the index has this revision; whether it has. */
  boolean awaitRevision(Revision wanted, Deadline deadline) throws InterruptedException {
    return await(() -> loaded && !revision.isBefore(wanted), deadline);
  }

  boolean awaitLoaded(Deadline deadline) throws InterruptedException {
    return await(() -> loaded, deadline);
  }

  boolean awaitSessionChange(Revision after, Deadline deadline) throws InterruptedException {
    return await(() -> sessionsChanged.isAfter(after), deadline) && !isClosed();
  }

  boolean isClosed() {
    return locked(() -> closed);
  }

  void close() {
    locked(
        () -> {
          closed = true;
          changed.signalAll();
          return closed;
        });
  }

  void wake() {
    locked(
        () -> {
          changed.signalAll();
          return closed;
        });
  }

  /** Answers a question on one state; fails before the first is loaded. */
  <T> T read(Supplier<T> question) {
    return locked(
        () -> {
          if (closed) {
            throw new UnavailableException("the store is closed");
          }
          if (!loaded) {
            throw new UnavailableException("nothing has been read from etcd yet");
          }
          return question.get();
        });
  }

  /** The state, for {@link #read} and for whoever waits in {@link #await}. */
  State state() {
    return state;
  }

  /** The history, likewise. */
  History history() {
    return history;
  }

  /** Whether this is recent enough; what is not loaded is so for nobody. */
  boolean suits(Freshness freshness) {
    return switch (freshness) {
      case Freshness.Linearizable linearizable -> false;
      case Freshness.AtLeast atLeast ->
          locked(() -> loaded && !closed && !revision.isBefore(atLeast.revision()));
      case Freshness.Stale stale -> true;
    };
  }

  long size() {
    return locked(state::size);
  }

  /** How much memory the entries and the sessions take, about. */
  long bytes() {
    return locked(state::bytes);
  }

  /** How often etcd was found to have gone back in time. */
  int restorations() {
    return restorations;
  }

  boolean isLoaded() {
    return locked(() -> loaded);
  }

  Listing list(ListRequest request) {
    return read(() -> Listings.cut(request, state.in(request.range()), revision));
  }

  List<Entry> entries(Range range) {
    return read(() -> state.in(range));
  }

  SessionLookup sessionLookup(SessionId id) {
    return read(
        () -> new SessionLookup(state.session(id).map(SessionRecord::session), sessionsChanged));
  }

  SessionListing sessionListing() {
    return read(() -> new SessionListing(state.sessions(), sessionsChanged));
  }

  @Override
  public Revision revision() {
    return locked(() -> revision);
  }

  @Override
  public Optional<EntryRecord> entry(Key key) {
    return locked(() -> state.entry(key));
  }

  @Override
  public boolean hasBelow(Key key) {
    return locked(() -> state.hasBelow(key));
  }

  @Override
  public Optional<SessionRecord> session(SessionId id) {
    return locked(() -> state.session(id));
  }

  @Override
  public Optional<DelayRecord> delay(Key key) {
    return locked(() -> state.delay(key));
  }

  Duration leftOf(Key key, DelayRecord delay) {
    return locked(() -> state.leftOf(key, delay));
  }

  @Override
  public boolean covers(Span span) {
    return true;
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
