package io.kubekv.etcd;

import io.kubekv.Cause;
import io.kubekv.SessionId;
import java.util.List;
import java.util.Optional;

/** The end of a session by somebody's word; what there was. */
final class SessionDestroy implements Change<Optional<SessionRecord>> {
  private final SessionId id;
  private final EtcdKeys keys;
  private final Operations operations;

  SessionDestroy(SessionId id, EtcdKeys keys) {
    this.id = id;
    this.keys = keys;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<Optional<SessionRecord>> decide(Facts facts) {
    Optional<SessionRecord> living = facts.session(id);
    if (living.isEmpty()) {
      return new Decision.Answer<>(living);
    }
    return Decision.Write.of(
        Optional.empty(),
        (write, lease) ->
            List.of(
                Operations.delete(Span.of(keys.session(id))),
                operations.because(CauseRecord.of(Cause.SESSION_END, write, Optional.empty()))),
        seen -> living);
  }
}
