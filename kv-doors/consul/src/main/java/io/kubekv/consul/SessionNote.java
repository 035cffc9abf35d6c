package io.kubekv.consul;

import io.kubekv.SessionSpec;
import io.kubekv.golang.GoDuration;
import java.util.HashMap;
import java.util.Map;

/**
 * What Consul's clients say of a session and get back, although it means nothing to the store: the
 * text of the time to live, that there are no checks, a lock delay below nothing. Kept as {@code
 * NAME=VALUE} pairs in the session's note, and only what cannot be told from the rest.
 *
 * @param timeToLive the text; empty for none
 * @param checked whether the session depends on the node's check
 * @param lockDelayNanos as it was said
 */
record SessionNote(String timeToLive, boolean checked, long lockDelayNanos) {
  private static final String TTL = "TTL";
  private static final String CHECKS = "Checks";
  private static final String LOCK_DELAY = "LockDelay";

  static SessionNote of(SessionBody body) {
    return new SessionNote(
        body.timeToLive(),
        body.checks().isEmpty() || !body.checks().get().isEmpty(),
        body.lockDelayNanos());
  }

  /** What a session says that has no note. */
  private static SessionNote usual(SessionSpec spec) {
    return new SessionNote(
        spec.timeToLive().map(GoDuration::print).orElse(""), true, spec.lockDelay().toNanos());
  }

  static SessionNote of(SessionSpec spec) {
    SessionNote usual = usual(spec);
    Map<String, String> said = new HashMap<>();
    for (String pair : spec.note().split(";", -1)) {
      int equals = pair.indexOf('=');
      said.put(pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
    }
    return new SessionNote(
        said.getOrDefault(TTL, usual.timeToLive),
        !said.containsKey(CHECKS),
        said.containsKey(LOCK_DELAY) ? nanos(said.get(LOCK_DELAY), usual) : usual.lockDelayNanos);
  }

  private static long nanos(String said, SessionNote usual) {
    try {
      return Long.parseLong(said);
    } catch (NumberFormatException ofOthers) {
      return usual.lockDelayNanos;
    }
  }

  /** The session with this for its note. */
  SessionSpec on(SessionSpec spec) {
    SessionNote usual = usual(spec);
    StringBuilder note = new StringBuilder();
    if (!timeToLive.equals(usual.timeToLive)) {
      note.append(TTL).append('=').append(timeToLive).append(';');
    }
    if (!checked) {
      note.append(CHECKS).append("=;");
    }
    if (lockDelayNanos != usual.lockDelayNanos) {
      note.append(LOCK_DELAY).append('=').append(lockDelayNanos).append(';');
    }
    return spec.withNote(note.toString());
  }
}
