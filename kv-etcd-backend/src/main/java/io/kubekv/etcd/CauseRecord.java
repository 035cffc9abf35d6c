package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.kubekv.Cause;
import io.kubekv.Key;
import java.util.Optional;

/**
 * Why the entries that one transaction deletes are gone; written by the same transaction, always to
 * the same key.
 *
 * @param cause why
 * @param writeId names the write
 * @param top present when all of them are one change: the entry that had the others below it
 */
record CauseRecord(Cause cause, Optional<WriteId> writeId, Optional<Key> top) {
  ByteString encode() {
    return new Header()
        .with("cause", cause)
        .with("write", writeId)
        .with("top", top)
        .before(ByteString.EMPTY);
  }

  /** Empty when no store has written it. */
  static Optional<CauseRecord> decode(ByteString value) {
    try {
      return Header.read(value)
          .map(Header.Read::header)
          .map(
              header ->
                  new CauseRecord(
                      header.get("cause", Cause::valueOf).orElse(Cause.DELETE),
                      header.get("write", WriteId::parse),
                      header.get("top", Key::of)));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
