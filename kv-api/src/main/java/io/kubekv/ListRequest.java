package io.kubekv;

import java.util.Optional;

/**
 * What to list.
 *
 * @param range the keys wanted
 * @param delimiter when present, keys of {@link Range#below()} are cut behind the first delimiter
 *     after the prefix, and answered once each as {@link Listing#prefixes()} instead of as entries;
 *     not empty
 * @param limit how many entries and prefixes are wanted: the first of them, in the order of the
 *     keys; at least 1
 */
public record ListRequest(Range range, Optional<String> delimiter, int limit) {
  /** All of them. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  public ListRequest {
    if (delimiter.isPresent() && delimiter.get().isEmpty()) {
      throw new IllegalArgumentException("a list delimiter is empty");
    }
    if (delimiter.isPresent() && range instanceof Range.Between) {
      throw new IllegalArgumentException("a list between two keys takes no delimiter");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("a list limit is below 1");
    }
  }

  /** All that there is, cut at a delimiter or not. */
  public ListRequest(Range range, Optional<String> delimiter) {
    this(range, delimiter, NO_LIMIT);
  }

  /** Everything in {@code range}. */
  public static ListRequest of(Range range) {
    return new ListRequest(range, Optional.empty());
  }

  /** One level of {@code range}, as a directory listing shows it. */
  public static ListRequest oneLevel(Range range) {
    return new ListRequest(range, Optional.of("/"));
  }

  /**
   * No more than so many entries and prefixes; {@link Listing#more} says whether there are more,
   * and {@link Listing#count} how many entries.
   */
  public ListRequest withLimit(int newLimit) {
    return new ListRequest(range, delimiter, newLimit);
  }
}
