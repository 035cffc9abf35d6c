package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Naming;
import io.kubekv.PutRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The numbers of {@link Naming#SEQUENCE}. Where keys were named by hand, or brought by an import,
 * which brings no counts, the count alone would lead to names that are there, or that are before
 * those that are there.
 */
final class SequenceNames {
  private static final int DIGITS = Naming.SEQUENCE.digits();
  private static final char AFTER_SLASH = '/' + 1;

  /** Between numbered names there may be any others; each look passes by all that begin alike. */
  private static final int MOST_LOOKS = 64;

  private SequenceNames() {}

  /**
   * The number of the next key: how many were made in its directory, or what comes after the
   * highest that is there with the same beginning. Beyond an {@code int} the count goes on alone.
   */
  static long next(PutRequest asked, State state) {
    long creates = state.directories().at(Directories.of(asked.key())).creates();
    boolean nodes = asked.layout() == Layout.NODES;
    long behind = highest(asked.givenKey(), nodes, state.contents().entries()) + 1;
    return behind > Integer.MAX_VALUE ? creates : Math.max(creates, behind);
  }

  /**
   * The highest number that is there; -1 when there is none, or too much else.
   *
   * @param nodes whether one is there that only has keys below it
   */
  private static long highest(String beginning, boolean nodes, TreePMap<Key, Entry> entries) {
    Key least = Key.of(beginning + "0".repeat(DIGITS));
    Key from = Key.of(beginning + Integer.MAX_VALUE);
    Map.@Nullable Entry<Key, Entry> found = entries.floorEntry(from);
    for (int looks = 1; looks <= MOST_LOOKS; looks++) {
      if (found == null || found.getKey().compareTo(least) < 0) {
        return -1;
      }
      String end = found.getKey().text().substring(beginning.length());
      int digits = digits(end);
      boolean ends = end.length() == DIGITS || nodes && end.startsWith("/", DIGITS);
      if (digits == DIGITS && ends) {
        return Long.parseLong(end.substring(0, DIGITS));
      }
      found = before(beginning, end, digits, nodes, entries);
    }
    return -1;
  }

  /** The last entry that may be numbered and is before one that is not. */
  private static Map.@Nullable Entry<Key, Entry> before(
      String beginning, String end, int digits, boolean nodes, TreePMap<Key, Entry> entries) {
    String shared = beginning + end.substring(0, digits);
    if (nodes && digits == DIGITS && end.charAt(DIGITS) > '/') {
      return entries.lowerEntry(Key.of(shared + AFTER_SLASH)); // keys below that number, too
    }
    boolean comesAfter = digits == DIGITS || digits < end.length() && end.charAt(digits) > '9';
    return comesAfter
        ? entries.floorEntry(Key.of(shared + "9".repeat(DIGITS - digits)))
        : entries.lowerEntry(Key.of(shared));
  }

  /** With how many digits it begins, up to ten. */
  private static int digits(String end) {
    int digits = 0;
    while (digits < Math.min(end.length(), DIGITS)
        && end.charAt(digits) >= '0'
        && end.charAt(digits) <= '9') {
      digits++;
    }
    return digits;
  }
}
