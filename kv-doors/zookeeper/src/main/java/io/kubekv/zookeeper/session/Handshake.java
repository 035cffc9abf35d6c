package io.kubekv.zookeeper.session;

import io.kubekv.zookeeper.wire.Wire;
import io.vertx.core.buffer.Buffer;

/** What a client is told when it connects. */
public final class Handshake {
  private static final int PASSWORD = 16;

  private Handshake() {}

  /**
   * It has a session.
   *
   * @param readOnly whether the client has said if it would take a server that only reads, and so
   *     expects to be told
   */
  public static Buffer accepted(Sessions.Held session, boolean readOnly) {
    return response(session.note().timeout(), session.number(), session.password(), readOnly);
  }

  /** The session that it had is over, or never was. */
  public static Buffer expired(boolean readOnly) {
    return response(0, 0, new byte[PASSWORD], readOnly);
  }

  private static Buffer response(int timeout, long session, byte[] password, boolean readOnly) {
    return Wire.message(
        archive -> {
          archive.writeInt(0, "protocolVersion");
          archive.writeInt(timeout, "timeOut");
          archive.writeLong(session, "sessionId");
          archive.writeBuffer(password, "passwd");
          if (readOnly) {
            archive.writeBool(false, "readOnly");
          }
        });
  }
}
