package io.kubekv;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Consul's rules of locks (Consul 1.5, agent/consul/kvs_endpoint.go: kvsPreApply,
 * agent/consul/state/kvs.go: kvsLockTxn, kvsUnlockTxn, kvsSetTxn), those of the fence, and that a
 * key is attached only to a session that lives. A store evaluates them on one state, after the
 * put's precondition, and makes the change on the same state; nothing here blocks or changes
 * anything.
 */
public final class LockRules {
  private final Predicate<SessionId> alive;
  private final Function<Key, Duration> delay;

  /**
   * @param alive whether that state has a session
   * @param delay for how long a key cannot be acquired yet, because a session that held it has
   *     ended; zero when it can
   */
  public LockRules(Predicate<SessionId> alive, Function<Key, Duration> delay) {
    this.alive = alive;
    this.delay = delay;
  }

  /**
   * Why a put is refused for the sake of a lock, a fence or a session; empty when it may happen.
   */
  public Optional<Refused> refusal(PutRequest request, Optional<Entry> current, Revision at) {
    LockState lock = current.map(Entry::lock).orElse(LockState.NONE);
    if (isFenced(request, lock)) {
      return Optional.of(new Refused(Refused.Reason.FENCED, current, at));
    }
    if (request.locking() instanceof Locking.Acquire) {
      Duration left = delay.apply(request.key());
      if (left.isPositive()) {
        return Optional.of(
            new Refused(Refused.Reason.LOCK_DELAYED, current, at, Optional.of(left)));
      }
    }
    return reason(request, lock)
        .or(() -> attachment(request))
        .map(reason -> new Refused(reason, current, at));
  }

  private Optional<Refused.Reason> reason(PutRequest request, LockState lock) {
    return switch (request.locking()) {
      case Locking.None none -> Optional.empty();
      case Locking.Acquire acquire -> acquisition(acquire.session(), lock);
      case Locking.Release release -> release(release.session(), lock);
      case Locking.HandOver over -> release(over.session(), lock).or(() -> unknown(over.next()));
    };
  }

  private Optional<Refused.Reason> attachment(PutRequest request) {
    return request.attachment() instanceof Attachment.To to
        ? unknown(to.session())
        : Optional.empty();
  }

  private static boolean isFenced(PutRequest request, LockState lock) {
    return request.fence().isPresent()
        && lock.fence().isPresent()
        && request.fence().get().isBefore(lock.fence().get());
  }

  private Optional<Refused.Reason> acquisition(SessionId session, LockState lock) {
    boolean byOther =
        lock.holder().filter(holder -> !holder.equals(session)).filter(alive).isPresent();
    return unknown(session).or(() -> byOther ? Optional.of(Refused.Reason.HELD) : Optional.empty());
  }

  private Optional<Refused.Reason> unknown(SessionId session) {
    return alive.test(session) ? Optional.empty() : Optional.of(Refused.Reason.NO_SESSION);
  }

  private Optional<Refused.Reason> release(SessionId session, LockState lock) {
    return lock.isHeldBy(session) && alive.test(session)
        ? Optional.empty()
        : Optional.of(Refused.Reason.NOT_HELD);
  }

  /**
   * What the entry says about its lock after a put that is not refused.
   *
   * @param lock what it said before
   * @param change the put's revision; empty when it is not known yet
   */
  public static LockState after(PutRequest request, LockState lock, Optional<Revision> change) {
    LockState next =
        switch (request.locking()) {
          case Locking.None none ->
              request.mode() == PutMode.REFRESH ? lock : lock.withLockIndex(0);
          case Locking.Acquire acquire ->
              lock.isHeldBy(acquire.session()) ? lock : lock.acquired(acquire.session(), change);
          case Locking.Release release -> lock.released();
          case Locking.HandOver over -> lock.acquired(over.next(), change);
        };
    return request
        .fence()
        .map(token -> next.fence().map(seen -> Revision.max(seen, token)).orElse(token))
        .map(next::withFence)
        .orElse(next);
  }
}
