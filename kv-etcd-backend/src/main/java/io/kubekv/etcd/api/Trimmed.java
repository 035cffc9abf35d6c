package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import java.util.Optional;

/**
 * How far a log is trimmed, as text in its key.
 *
 * @param snapshot the position of the newest snapshot; 0 when there is none
 * @param first the first entry that still stands: that at the position of the snapshot before, so
 *     that this one can be read, too; 1 when all do
 */
public record Trimmed(long snapshot, long first) {
  public static final Trimmed NOTHING = new Trimmed(0, 1);

  public ByteString encode() {
    return ByteString.copyFromUtf8(snapshot + " " + first);
  }

  /** What a key says; that nothing is trimmed when it is absent, or says something else. */
  public static Trimmed of(Optional<KeyValue> key) {
    return key.map(kv -> decode(kv.getValue())).orElse(NOTHING);
  }

  public static Trimmed decode(ByteString value) {
    String[] parts = value.toStringUtf8().split(" ", 2);
    try {
      return new Trimmed(Long.parseLong(parts[0]), Long.parseLong(parts[parts.length - 1]));
    } catch (NumberFormatException others) {
      return NOTHING;
    }
  }
}
