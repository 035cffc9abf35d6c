package io.kubekv.engine.state;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.Range;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How sessions begin and end, and what ends by time. Each works on a draft. */
final class Endings {
  private Endings() {}

  static Session begin(SessionSpec spec, Draft draft, Limits limits) {
    Locks locks = draft.state().locks();
    Optional<Session> living = locks.session(spec.id());
    if (living.isPresent()) {
      return living.get();
    }
    draft.state().features().requireFor(spec);
    limits.checkRoomForSessionAfter(locks.sessions().size());
    Session session = new Session(spec, draft.next(), draft.next());
    draft.add(new Change.SessionBegun(session));
    return session;
  }

  static Optional<Session> renew(SessionId id, Draft draft) {
    if (draft.state().clocks().knows(id)) {
      draft.addWithout(new Change.Renewed(id));
    }
    return draft.state().locks().session(id);
  }

  /** A session that lives, changed. */
  static Optional<Session> takeUp(SessionId id, Draft draft) {
    Optional<Session> living = draft.state().locks().session(id);
    if (living.isPresent()) {
      draft.state().features().require(Feature.ENTRY_METADATA);
      Session before = living.get();
      draft.add(
          new Change.SessionBegun(
              new Session(before.spec(), before.createRevision(), draft.next())));
    }
    return renew(id, draft);
  }

  /** The clock never goes back. */
  static boolean passTime(Request.PassTime pass, Draft draft) {
    if (pass.clock() <= draft.state().clocks().now()) {
      return false;
    }
    Map<SessionId, Long> living = new LinkedHashMap<>(pass.ends());
    living.keySet().removeIf(id -> !draft.state().locks().isAlive(id));
    draft.addWithout(new Change.TimePassed(pass.clock(), pass.seen(), living));
    return true;
  }

  /**
   * Ends a session, deletes what was attached to it, and releases or deletes what it held, in the
   * order of the keys: all of it at the revision of the end.
   */
  static boolean end(SessionId id, Draft draft, Moment now) {
    Optional<Session> session = draft.state().locks().session(id);
    if (session.isEmpty()) {
      return false;
    }
    List<Key> held = draft.state().locks().heldBy(id);
    Set<Key> attached = new TreeSet<>(draft.state().locks().attachedTo(id));
    draft.add(new Change.SessionEnded(id));
    Duration delay = session.get().spec().boundedLockDelay();
    if (delay.isPositive()) {
      held.forEach(key -> delay(key, delay, draft, now));
    }
    boolean deletes = session.get().spec().behavior() == SessionBehavior.DELETE;
    Set<Key> named = new TreeSet<>(attached);
    named.addAll(held);
    for (Key key : named) {
      Entry entry = draft.state().get(key).orElseThrow();
      draft.addWithout(
          deletes || attached.contains(key)
              ? new Change.Delete(key, List.of(), Cause.SESSION_END)
              : new Change.Put(Successors.released(entry, draft), Cause.SESSION_END));
    }
    return true;
  }

  private static void delay(Key key, Duration delay, Draft draft, Moment now) {
    boolean longer =
        delayLeft(key, draft.state(), now).filter(left -> left.compareTo(delay) > 0).isPresent();
    if (!longer) {
      draft.addWithout(new Change.Delayed(key, delay));
    }
  }

  /** What is left of the key's lock delay; empty when it has none. */
  static Optional<Duration> delayLeft(Key key, State state, Moment now) {
    return state.locks().delay(key).map(now.delayLeft());
  }

  static boolean expire(Request.ExpireEntry expire, Draft draft) {
    Optional<Entry> entry =
        draft.state().get(expire.key()).filter(now -> now.modifyRevision().equals(expire.base()));
    if (entry.isEmpty()) {
      return false;
    }
    List<Key> below =
        entry.get().isDirectory()
            ? draft.state().contents().in(new Range.WithPrefix(expire.key().below())).stream()
                .map(Entry::key)
                .toList()
            : List.of();
    draft.add(new Change.Delete(expire.key(), below, Cause.EXPIRE));
    return true;
  }

  static boolean endDelay(LockDelay delay, Draft draft) {
    if (draft.state().locks().delay(delay.key()).filter(delay::equals).isEmpty()) {
      return false;
    }
    draft.addWithout(new Change.DelayOver(delay.key()));
    return true;
  }
}
