package io.kubekv.wire;

import io.kubekv.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cuts what may be large into messages that are not. */
public final class Parts {
  /** About how much a message holds before the next one begins: entries are never cut. */
  private static final long ENOUGH_BYTES = 128 << 10;

  private static final int OVERHEAD_BYTES = 64;

  private Parts() {}

  /**
   * The entries in order, in runs that each fit a message; at least one run, which may be empty.
   */
  public static List<List<Entry>> of(List<Entry> entries) {
    return cut(entries, Parts::size);
  }

  /** The same for texts. */
  public static List<List<String>> ofTexts(List<String> texts) {
    return cut(texts, text -> OVERHEAD_BYTES + (long) text.length());
  }

  private static <T> List<List<T>> cut(List<T> all, ToLongFunction<T> sizes) {
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < all.size(); i++) {
      long size = sizes.applyAsLong(all.get(i));
      if (i > from && bytes + size > ENOUGH_BYTES) {
        parts.add(all.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    parts.add(all.subList(from, all.size()));
    return parts;
  }

  private static long size(Entry entry) {
    return OVERHEAD_BYTES + entry.key().text().length() + entry.contentBytes();
  }
}
