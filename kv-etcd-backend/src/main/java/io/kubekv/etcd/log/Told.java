package io.kubekv.etcd.log;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import java.io.IOException;

/**
 * The entry up to which a replica has been told.
 *
 * @param position 0 before the first
 * @param modRevision etcd's revision of its put; 0 when it is not known
 * @param bytes as it stands in etcd; empty when they are not known
 */
record Told(long position, long modRevision, ByteString bytes) {
  static final Told NOTHING = new Told(0, 0, ByteString.EMPTY);

  static Told of(long position, KeyValue entry) {
    return new Told(position, entry.getModRevision(), entry.getValue());
  }

  static Told at(long position) {
    return new Told(position, 0, ByteString.EMPTY);
  }

  /** Whether this is what stands there now. */
  boolean isStill(KeyValue entry) {
    return modRevision == 0 || modRevision == entry.getModRevision();
  }

  /**
   * Whether what stands there is the same, though it was put again: by somebody who has written the
   * same bytes, or by the writer of a snapshot, who puts the entry without its changes.
   */
  boolean says(KeyValue entry) {
    return modRevision != 0 && (bytes.equals(entry.getValue()) || isAnchor(entry.getValue()));
  }

  private boolean isAnchor(ByteString there) {
    try {
      LogEntry anchor = EntryCodec.decode(there.toByteArray());
      LogEntry told = EntryCodec.decode(bytes.toByteArray());
      return anchor.nonce() == told.nonce() && anchor.commits().isEmpty();
    } catch (IOException damaged) {
      return false;
    }
  }
}
