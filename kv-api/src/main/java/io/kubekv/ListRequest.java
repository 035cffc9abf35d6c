package io.kubekv;

import java.util.Optional;

/**
 * What to list.
 *
 * @param range the keys wanted
 * @param delimiter when present, keys of {@link Range#below()} are cut behind the first delimiter
 *     after the prefix, and answered once each as {@link Listing#prefixes()} instead of as entries;
 *     not empty
 */
public record ListRequest(Range range, Optional<String> delimiter) {
  public ListRequest {
    if (delimiter.isPresent() && delimiter.get().isEmpty()) {
      throw new IllegalArgumentException("a list delimiter is empty");
    }
  }

  /** Everything in {@code range}. */
  public static ListRequest of(Range range) {
    return new ListRequest(range, Optional.empty());
  }

  /** One level of {@code range}, as a directory listing shows it. */
  public static ListRequest oneLevel(Range range) {
    return new ListRequest(range, Optional.of("/"));
  }
}
