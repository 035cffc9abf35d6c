package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.kubekv.Cause;
import io.kubekv.Key;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Why the entries that one transaction deletes are gone; written by the same transaction, always to
 * the same key.
 *
 * @param cause why
 * @param writeId names the write
 * @param top present when all of them are one change: the entry that had the others below it
 * @param others those that are gone for another reason than {@code cause}
 */
record CauseRecord(
    Cause cause, Optional<WriteId> writeId, Optional<Key> top, Map<Key, Cause> others) {
  CauseRecord {
    others = Map.copyOf(others);
  }

  /** One reason for all. */
  static CauseRecord of(Cause cause, WriteId id, Optional<Key> top) {
    return new CauseRecord(cause, Optional.of(id), top, Map.of());
  }

  /** The reasons of entries that one transaction deletes, each a change of its own. */
  static CauseRecord ofEach(Map<Key, Cause> causes, WriteId id) {
    return new CauseRecord(Cause.DELETE, Optional.of(id), Optional.empty(), causes);
  }

  Cause causeOf(Key key) {
    return others.getOrDefault(key, cause);
  }

  ByteString encode() {
    Header several = new Header();
    int number = 0;
    for (Map.Entry<Key, Cause> other : new TreeMap<>(others).entrySet()) {
      if (other.getValue() != cause) {
        several.with("key" + number, other.getKey()).with("cause" + number, other.getValue());
        number++;
      }
    }
    return new Header()
        .with("cause", cause)
        .with("write", writeId)
        .with("top", top)
        .with(several)
        .before(ByteString.EMPTY);
  }

  /** Empty when no store has written it. */
  static Optional<CauseRecord> decode(ByteString value) {
    try {
      return Header.read(value).map(Header.Read::header).map(CauseRecord::decode);
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static CauseRecord decode(Header header) {
    Map<Key, Cause> others = new TreeMap<>();
    Optional<Key> key = header.get("key0", Key::of);
    while (key.isPresent()) {
      int number = others.size();
      others.put(key.get(), header.get("cause" + number, Cause::valueOf).orElse(Cause.DELETE));
      key = header.get("key" + others.size(), Key::of);
    }
    return new CauseRecord(
        header.get("cause", Cause::valueOf).orElse(Cause.DELETE),
        header.get("write", WriteId::parse),
        header.get("top", Key::of),
        others);
  }
}
