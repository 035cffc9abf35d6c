package io.kubekv.engine.state;

import io.kubekv.Key;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The keys whose entries name a session, by session. Immutable.
 *
 * @param all of each session that is named at all
 */
record KeysBySession(TreePMap<SessionId, Keys> all) {
  /**
   * The keys of one session.
   *
   * @param bytes how large they are together ({@link StoredSize#ofAttached})
   */
  record Keys(TreePSet<Key> keys, long bytes) {
    static final Keys NONE = new Keys(TreePSet.empty(), 0);
  }

  static final KeysBySession NONE = new KeysBySession(TreePMap.empty());

  private Keys keys(SessionId id) {
    Keys keys = all.get(id);
    return keys == null ? Keys.NONE : keys;
  }

  /** In order. */
  List<Key> of(SessionId id) {
    return List.copyOf(keys(id).keys());
  }

  /** How large the keys of a session are together when this one is among them. */
  long bytesWith(SessionId id, Key key) {
    Keys keys = keys(id);
    return keys.bytes() + (keys.keys().contains(key) ? 0 : StoredSize.ofAttached(key));
  }

  /** The entry of a key names another session, or none. */
  KeysBySession moved(Key key, Optional<SessionId> from, Optional<SessionId> to) {
    if (from.equals(to)) {
      return this;
    }
    KeysBySession without = from.map(id -> without(key, id)).orElse(this);
    return to.map(id -> without.with(key, id)).orElse(without);
  }

  private KeysBySession with(Key key, SessionId id) {
    Keys more = new Keys(keys(id).keys().plus(key), bytesWith(id, key));
    return new KeysBySession(all.plus(id, more));
  }

  private KeysBySession without(Key key, SessionId id) {
    Keys keys = keys(id);
    if (!keys.keys().contains(key)) {
      return this;
    }
    Keys fewer = new Keys(keys.keys().minus(key), keys.bytes() - StoredSize.ofAttached(key));
    return new KeysBySession(fewer.keys().isEmpty() ? all.minus(id) : all.plus(id, fewer));
  }
}
