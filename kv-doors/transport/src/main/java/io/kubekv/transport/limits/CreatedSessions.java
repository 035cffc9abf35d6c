package io.kubekv.transport.limits;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The sessions that one client has created here, by id. Those that have ended without a word are
 * found when there is no room left, a few at a time. Thread-safe.
 */
public final class CreatedSessions {
  private static final int LOOKED_AT = 16;

  private final int most;
  private final LimitHits hits;
  private final Set<String> ids = new LinkedHashSet<>();

  CreatedSessions(int most, LimitHits hits) {
    this.most = most;
    this.hits = hits;
  }

  /**
   * Whether there is room for one more.
   *
   * @param exists whether a session still exists; asked of the oldest when there seems to be no
   *     room, on this thread
   */
  public boolean hasRoom(Predicate<String> exists) {
    List<String> oldest;
    synchronized (this) {
      if (ids.size() < most) {
        return true;
      }
      oldest = ids.stream().limit(LOOKED_AT).toList();
    }
    List<String> ended = oldest.stream().filter(exists.negate()).toList();
    synchronized (this) {
      ended.forEach(ids::remove);
      oldest.forEach(this::lookAtLast);
      if (ids.size() < most) {
        return true;
      }
    }
    hits.refused(Limit.CLIENT_SESSIONS);
    return false;
  }

  private void lookAtLast(String id) {
    if (ids.remove(id)) {
      ids.add(id);
    }
  }

  public synchronized void add(String id) {
    ids.add(id);
  }

  public synchronized void remove(String id) {
    ids.remove(id);
  }

  /** The most that there may be. */
  public int most() {
    return most;
  }
}
