package io.kubekv;

import java.util.Optional;

/**
 * What an entry says about its lock. A lock without fencing is not mutual exclusion: a holder that
 * was stopped for longer than its session lived does not know that it lost the lock. Pass {@link
 * #acquireRevision} with every put that the lock guards ({@link PutRequest#fence}), and late puts
 * of former holders are refused.
 *
 * @param holder the session that acquired the key and has not released it. When that session has
 *     ended, the key is free, although it may name it for a moment longer
 * @param lockIndex how often the key was acquired; a put that is not about the lock sets it to 0
 *     (Consul 1.5, {@code kvsSetTxn})
 * @param acquireRevision the fencing token: the revision of the holder's acquisition, absent when
 *     nobody holds the key
 * @param fence the highest fencing token that a put of this key has shown, absent when none has
 */
public record LockState(
    Optional<SessionId> holder,
    long lockIndex,
    Optional<Revision> acquireRevision,
    Optional<Revision> fence) {
  public static final LockState NONE =
      new LockState(Optional.empty(), 0, Optional.empty(), Optional.empty());

  /** Whether this session has acquired the key and not released it. */
  public boolean isHeldBy(SessionId session) {
    return holder.isPresent() && holder.get().equals(session);
  }

  /** Acquired by {@code session} in the change of this revision. */
  LockState acquired(SessionId session, Optional<Revision> change) {
    return new LockState(Optional.of(session), lockIndex + 1, change, fence);
  }

  /** Nobody's, the count and the fence kept. */
  public LockState released() {
    return new LockState(Optional.empty(), lockIndex, Optional.empty(), fence);
  }

  LockState withLockIndex(long newLockIndex) {
    return new LockState(holder, newLockIndex, acquireRevision, fence);
  }

  LockState withFence(Revision newFence) {
    return new LockState(holder, lockIndex, acquireRevision, Optional.of(newFence));
  }
}
