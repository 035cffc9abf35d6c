package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.Optional;

/**
 * What an object says about the lock of its key. Puts that are not about the lock carry it on.
 *
 * @param session the session that holds the lock
 * @param lockIndex how often the lock was acquired
 * @param acquireRevision the fencing token; absent in the acquisition itself, whose own revision it
 *     is (see {@link StoredObject#lock()})
 * @param fence the highest fencing token that a put of this key has shown
 */
record LockFields(
    Optional<String> session,
    long lockIndex,
    Optional<Revision> acquireRevision,
    Optional<Revision> fence) {
  static final LockFields NONE =
      new LockFields(Optional.empty(), 0, Optional.empty(), Optional.empty());

  /** No lock, the fence kept. */
  LockFields withoutHolder() {
    return new LockFields(Optional.empty(), 0, Optional.empty(), fence);
  }
}
