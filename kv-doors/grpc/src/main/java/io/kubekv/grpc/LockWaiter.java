package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.LockState;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Outcomes;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** One client's part in a lock. Told by the thread of the lock's key alone. */
final class LockWaiter {
  /**
   * What the client asked for.
   *
   * @param value what the key's value is to be; absent: it stays
   * @param flags the flags that go with the value
   * @param patience how long to wait at most; absent for ever
   */
  record Wish(Optional<Bytes> value, long flags, Optional<Duration> patience) {}

  private final Wish wish;
  private final SessionSpec session;
  private final boolean owned;
  private final AuditedLock client;
  private final long since = System.nanoTime();
  private final CountDownLatch over = new CountDownLatch(1);
  private Optional<Revision> token = Optional.empty();
  private boolean toldToWait;
  private boolean leaving;
  private Optional<StatusRuntimeException> farewell = Optional.empty();

  /**
   * @param owned whether the session was begun for this lock, and ends with it
   */
  LockWaiter(Wish wish, SessionSpec session, boolean owned, AuditedLock client) {
    this.wish = wish;
    this.session = session;
    this.owned = owned;
    this.client = client;
  }

  Wish wish() {
    return wish;
  }

  SessionId session() {
    return session.id();
  }

  Optional<Duration> timeToLive() {
    return session.timeToLive();
  }

  boolean owned() {
    return owned;
  }

  /** Whether the key is to be deleted when nobody follows. */
  boolean deletes() {
    return owned && session.behavior() == SessionBehavior.DELETE;
  }

  /**
   * Whether its session is to end instead of a release, which then delays the next acquisition: it
   * has a lock delay, and the client may not know that it is without the key.
   */
  boolean endsDelayed() {
    return owned && farewell.isPresent() && session.lockDelay().isPositive();
  }

  /** Counted down when the client's part is over. */
  CountDownLatch over() {
    return over;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** The nanoseconds left to wait; negative when the time is over. */
  long nanosLeft() {
    return wish.patience()
        .map(wait -> Durations.nanos(wait) - (System.nanoTime() - since))
        .orElse(Long.MAX_VALUE);
  }

  /**
   * The client is to be without the key.
   *
   * @param why the error to tell; empty when the client wants it so
   */
  void leave(Optional<StatusRuntimeException> why) {
    leaving = true;
    farewell = farewell.or(() -> why);
  }

  boolean leaving() {
    return leaving;
  }

  /** Whether the entry says that this client holds the key, by the acquisition that it was told. */
  boolean holds(Optional<Entry> entry) {
    return entry
        .map(Entry::lock)
        .filter(lock -> lock.isHeldBy(session.id()) && lock.acquireRevision().equals(token))
        .isPresent();
  }

  void waiting(Optional<Entry> entry) {
    if (toldToWait) {
      return;
    }
    toldToWait = true;
    Kv.LockResponse.Waiting.Builder waiting =
        Kv.LockResponse.Waiting.newBuilder().setSession(session.id().toString());
    entry.ifPresent(known -> waiting.setEntry(Values.toWire(known)));
    client.onNext(Kv.LockResponse.newBuilder().setWaiting(waiting).build());
  }

  /** A put for this client may have been done. */
  void attemptIsUncertain() {
    client.attemptIsUncertain();
  }

  void acquired(Entry entry) {
    LockState lock = entry.lock();
    token = lock.acquireRevision();
    client.onNext(
        Kv.LockResponse.newBuilder()
            .setAcquired(
                Kv.LockResponse.Acquired.newBuilder()
                    .setSession(session.id().toString())
                    .setFencingToken(token.orElseThrow().value())
                    .setEntry(Values.toWire(entry)))
            .build());
  }

  /** The client is without the key, as it wanted or for the reason given. */
  void released() {
    farewell.ifPresent(this::failed);
    last(
        Kv.LockResponse.newBuilder()
            .setReleased(Kv.LockResponse.Released.getDefaultInstance())
            .build());
  }

  void notAcquired(Refused refused) {
    last(
        Kv.LockResponse.newBuilder()
            .setNotAcquired(
                Kv.LockResponse.NotAcquired.newBuilder().setRefused(Outcomes.toWire(refused)))
            .build());
  }

  void lost(Kv.LockResponse.Lost.Reason reason, Revision at) {
    last(
        Kv.LockResponse.newBuilder()
            .setLost(Kv.LockResponse.Lost.newBuilder().setReason(reason).setRevision(at.value()))
            .build());
  }

  void failed(StatusRuntimeException status) {
    if (!isOver()) {
      over.countDown();
      client.onError(status);
    }
  }

  private void last(Kv.LockResponse message) {
    if (!isOver()) {
      over.countDown();
      client.onNext(message);
      client.onCompleted();
    }
  }
}
