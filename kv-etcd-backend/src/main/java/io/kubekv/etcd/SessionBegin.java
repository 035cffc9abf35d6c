package io.kubekv.etcd;

import io.kubekv.Limits;
import io.kubekv.Session;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The beginning of a session, or the session when there is one already. */
final class SessionBegin implements Change<Session> {
  private final SessionSpec spec;
  private final Limits limits;
  private final Index index;
  private final EtcdKeys keys;

  SessionBegin(SessionSpec spec, Limits limits, Index index, EtcdKeys keys) {
    this.spec = spec;
    this.limits = limits;
    this.index = index;
    this.keys = keys;
  }

  @Override
  public Decision<Session> decide(Facts facts) {
    Optional<SessionRecord> living = facts.session(spec.id());
    if (living.isPresent()) {
      return new Decision.Answer<>(living.get().session());
    }
    limits.checkRoomForSessionAfter(index.read(() -> index.state().sessions().size()));
    return Decision.Write.of(
        spec.timeToLive().map(SessionBegin::life),
        (id, lease) ->
            List.of(Operations.put(keys.session(spec.id()), SessionRecord.encode(spec, id), lease)),
        seen -> new Session(spec, seen.revision(), seen.revision()));
  }

  /** A session lives twice its time to live. */
  static Duration life(Duration timeToLive) {
    Duration longest = Duration.ofDays(36_500);
    return timeToLive.compareTo(longest) < 0 ? timeToLive.multipliedBy(2) : longest;
  }
}
