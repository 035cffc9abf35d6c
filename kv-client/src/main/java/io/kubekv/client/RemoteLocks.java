package io.kubekv.client;

import io.kubekv.Key;
import io.kubekv.Refused;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Outcomes;
import io.kubekv.wire.SessionValues;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.Optional;

/**
 * Acquires locks. A stream that breaks while it waits is opened again, at the end of the queue:
 * that is safe, for whatever a broken stream holds is freed.
 */
final class RemoteLocks {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Calls calls;
  private final Retries retries;

  RemoteLocks(Calls calls, Retries retries) {
    this.calls = calls;
    this.retries = retries;
  }

  /**
   * Waits for the lock of a key.
   *
   * @param wait how long to wait for other holders; absent for ever
   * @param patience how much longer the answer may take, and how long a release
   * @return the lock; empty when it was not to be had in that time
   */
  Optional<HeldLock> acquire(
      Key key, LockOptions options, Optional<Duration> wait, Duration patience)
      throws InterruptedException {
    long begun = System.nanoTime();
    Retries.Pauses pauses = retries.pauses();
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      Optional<Duration> left = wait.map(all -> positive(all.minus(waited)));
      try {
        return attempt(key, options, left, patience);
      } catch (StoreException failure) {
        Duration pause = pauses.after(failure);
        boolean inTime = left.isEmpty() || pause.compareTo(left.get()) < 0;
        if (!inTime || !retries.mayPass(failure)) {
          throw failure;
        }
        retries.pause(pause);
      }
    }
  }

  private Optional<HeldLock> attempt(
      Key key, LockOptions options, Optional<Duration> wait, Duration patience)
      throws InterruptedException {
    LockStream stream = LockStream.open(calls, request(key, options, wait));
    Kv.LockResponse answer = stream.await(wait.map(patience::plus).orElse(FOREVER));
    if (answer.hasAcquired()) {
      return Optional.of(new HeldLock(key, answer.getAcquired(), stream, patience));
    }
    Refused refused = Outcomes.toPort(answer.getNotAcquired().getRefused());
    return switch (refused.reason()) {
      case HELD, LOCK_DELAYED -> Optional.empty();
      case NO_SESSION -> throw sessionEnded(key, options, refused);
      case EXISTS,
          MISSING,
          CHANGED,
          IS_DIRECTORY,
          NOT_A_DIRECTORY,
          NOT_EMPTY,
          NOT_HELD,
          FENCED,
          NO_PARENT,
          EPHEMERAL_PARENT ->
          throw new LockRefusedException(
              "key " + key + " cannot be locked: " + refused.reason(), refused);
    };
  }

  /** Another session can be begun in place of the lock's own, but not of the caller's. */
  private static RuntimeException sessionEnded(Key key, LockOptions options, Refused refused) {
    return options
        .session()
        .<RuntimeException>map(
            id ->
                new LockRefusedException(
                    "key " + key + " cannot be locked: session " + id + " does not live", refused))
        .orElseGet(
            () -> new UnavailableException("the session that waited for key " + key + " ended"));
  }

  private static Kv.LockRequest.Acquire request(
      Key key, LockOptions options, Optional<Duration> wait) {
    Kv.LockRequest.Acquire.Builder acquire = Kv.LockRequest.Acquire.newBuilder().setKey(key.text());
    wait.ifPresent(time -> acquire.setWait(Values.toWire(time)));
    options.value().ifPresent(value -> acquire.setValue(Values.toWire(value)));
    options
        .session()
        .ifPresentOrElse(
            id -> acquire.setSessionId(id.toString()),
            () -> acquire.setNewSession(SessionValues.toWire(options.newSession())));
    return acquire.build();
  }

  private static Duration positive(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }
}
