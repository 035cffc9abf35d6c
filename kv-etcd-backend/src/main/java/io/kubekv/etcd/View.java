package io.kubekv.etcd;

import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.util.Optional;

/** A state to decide on. */
interface View {
  /** The revision of the state. */
  Revision revision();

  Optional<EntryRecord> entry(Key key);

  boolean hasBelow(Key key);

  Optional<SessionRecord> session(SessionId id);

  /** The lock delay of a key, over or not. */
  Optional<DelayRecord> delay(Key key);

  /** Whether the view can answer for these keys of etcd. */
  boolean covers(Span span);
}
