package io.kubekv.zookeeper.call;

import io.kubekv.Revision;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.MultiResult;
import org.apache.jute.Record;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param revision of the state that it shows; zero: none
 * @param body absent where there is none, or there is an error
 */
public record Reply(Revision revision, Code code, @Nullable Record body) {
  public static Reply of(Revision revision, @Nullable Record body) {
    return new Reply(revision, Code.OK, body);
  }

  public static Reply error(Code code) {
    return new Reply(Revision.ZERO, code, null);
  }

  public static Reply error(Code code, Revision revision) {
    return new Reply(revision, code, null);
  }

  /** Whether nothing follows it, since the session is over. */
  public boolean isLast() {
    return code == Code.SESSION_EXPIRED
        || body instanceof MultiResult several && several.isOfExpiredSession();
  }
}
