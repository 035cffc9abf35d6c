package io.kubekv.etcdv3.keys;

import com.google.protobuf.ByteString;
import io.kubekv.Key;
import io.kubekv.Range;
import java.util.Optional;

/**
 * etcd's ranges: {@code [key, range_end)}. Without an end it is one key; an end of one NUL means
 * all that follow.
 */
public final class Ranges {
  /** No key at all. */
  static final Range NONE = new Range.Between(Keys.FIRST, Optional.of(Keys.FIRST));

  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private Ranges() {}

  public static Range of(ByteString key, ByteString end) {
    if (end.isEmpty()) {
      return Keys.of(key).<Range>map(Range.Exact::new).orElse(NONE);
    }
    if (isEmpty(key, end)) {
      return NONE;
    }
    Optional<Key> from = Keys.notBefore(key);
    Optional<Key> to = end.equals(NUL) ? Optional.empty() : Keys.notBefore(end);
    return from.<Range>map(first -> new Range.Between(first, to)).orElse(NONE);
  }

  /** Whether there cannot be a key between these. */
  public static boolean isEmpty(ByteString key, ByteString end) {
    return !end.isEmpty()
        && !end.equals(NUL)
        && ByteString.unsignedLexicographicalComparator().compare(key, end) >= 0;
  }

  /**
   * Whether a key is in a range, as etcd looks for keys that are put and deleted at once: there an
   * end of one NUL is no more than that, and a range up to it has no key.
   */
  public static boolean covers(ByteString key, ByteString end, ByteString wanted) {
    if (end.isEmpty()) {
      return key.equals(wanted);
    }
    var order = ByteString.unsignedLexicographicalComparator();
    return order.compare(key, wanted) <= 0 && order.compare(wanted, end) < 0;
  }
}
