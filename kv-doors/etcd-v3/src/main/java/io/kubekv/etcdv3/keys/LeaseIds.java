package io.kubekv.etcdv3.keys;

import io.kubekv.SessionId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A lease is a session whose id has its number in the lower half, and in the upper half a number
 * that says so. Its sign is turned, so that ids are in the order of the numbers, as etcd compares
 * them. Sessions of other protocols have ids by chance, and are no leases.
 */
public final class LeaseIds {
  /** "etcd-v3" and a NUL. */
  private static final long MARK = 0x657463642d763300L;

  private LeaseIds() {}

  public static SessionId session(long lease) {
    return new SessionId(new UUID(MARK, lease ^ Long.MIN_VALUE));
  }

  /** The number of the lease that a session is; empty when it is none. */
  public static OptionalLong lease(SessionId session) {
    UUID id = session.value();
    return id.getMostSignificantBits() == MARK
        ? OptionalLong.of(id.getLeastSignificantBits() ^ Long.MIN_VALUE)
        : OptionalLong.empty();
  }

  /** As entries say it: 0 for none. */
  public static long of(Optional<SessionId> attachedTo) {
    return attachedTo.map(session -> lease(session).orElse(0)).orElse(0L);
  }
}
