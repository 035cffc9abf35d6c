package io.kubekv.contract;

import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A client of the store inside, over a connection that fails on demand; closing it leaves the store
 * inside open.
 */
public final class FaultyStore extends DelegatingStore {
  private enum Fault {
    NONE,
    LOSE_REQUEST,
    LOSE_ANSWER
  }

  private final AtomicReference<Fault> next = new AtomicReference<>(Fault.NONE);
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Set<CompletableFuture<Boolean>> waiting = ConcurrentHashMap.newKeySet();
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
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return read(() -> inner().get(key, freshness));
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return read(() -> inner().list(request, freshness));
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return read(() -> inner().revision(freshness));
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return change(() -> inner().put(request));
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return change(() -> inner().delete(request));
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return change(() -> inner().deleteRange(request));
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return request.onlyReads()
        ? read(() -> inner().transact(request))
        : change(() -> inner().transact(request));
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
    return new DelegatingSessions(inner().sessions()) {
      @Override
      public CompletableFuture<Session> create(SessionSpec spec) {
        return change(() -> super.create(spec));
      }

      @Override
      public CompletableFuture<Optional<Session>> renew(SessionId id) {
        return change(() -> super.renew(id));
      }

      @Override
      public CompletableFuture<Boolean> destroy(SessionId id) {
        return change(() -> super.destroy(id));
      }

      @Override
      public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
        return read(() -> super.get(id, freshness));
      }

      @Override
      public CompletableFuture<SessionListing> list(Freshness freshness) {
        return read(() -> super.list(freshness));
      }

      @SuppressWarnings("UndefinedEquals") // each is equal to itself
      @Override
      public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
        CompletableFuture<Boolean> coming = super.awaitChange(changed, atMost);
        CompletableFuture<Boolean> answer = coming.thenApply(told -> told && !closed);
        waiting.add(answer);
        var unused =
            answer.whenComplete(
                (told, failure) -> {
                  waiting.remove(answer);
                  coming.cancel(false);
                });
        return answer;
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
    waiting.forEach(answer -> answer.complete(false));
  }

  private <T> CompletableFuture<T> read(Supplier<CompletableFuture<T>> question) {
    return Promise.of(
        () -> {
          requireUp();
          return question.get();
        });
  }

  private <T> CompletableFuture<T> change(Supplier<CompletableFuture<T>> change) {
    return Promise.of(
        () -> {
          requireUp();
          Fault fault = next.getAndSet(Fault.NONE);
          return switch (fault) {
            case NONE -> change.get();
            case LOSE_REQUEST -> lost();
            case LOSE_ANSWER -> change.get().thenCompose(outcome -> lost());
          };
        });
  }

  private static <T> CompletableFuture<T> lost() {
    return CompletableFuture.failedFuture(new OutcomeUnknownException("no answer came"));
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
