package io.kubekv.zookeeper.session;

import io.kubekv.SessionId;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A client's session is a session of the store whose id has its number in the lower half, and in
 * the upper half a number that says so. Sessions of other protocols have other ids.
 */
public final class SessionIds {
  /** "zookeepr". */
  private static final long MARK = 0x7a6f6f6b65657072L;

  private SessionIds() {}

  public static SessionId session(long number) {
    return new SessionId(new UUID(MARK, number));
  }

  /** The number of a session; empty when it is another protocol's. */
  public static OptionalLong number(SessionId session) {
    UUID id = session.value();
    return id.getMostSignificantBits() == MARK
        ? OptionalLong.of(id.getLeastSignificantBits())
        : OptionalLong.empty();
  }
}
