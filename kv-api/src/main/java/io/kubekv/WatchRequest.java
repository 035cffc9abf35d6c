package io.kubekv;

/**
 * What to watch, and from where.
 *
 * @param range the keys
 * @param start the first event wanted
 */
public record WatchRequest(Range range, Start start) {
  /** Where a watch begins. */
  public sealed interface Start {}

  /** With the next change after the call. */
  public record Now() implements Start {}

  /** With the first change at or after a revision, past or future. */
  public record From(Revision first) implements Start {}

  /** With the oldest change that the store still remembers. */
  public record Oldest() implements Start {}

  public static WatchRequest fromNow(Range range) {
    return new WatchRequest(range, new Now());
  }

  public static WatchRequest from(Range range, Revision first) {
    return new WatchRequest(range, new From(first));
  }

  public static WatchRequest fromOldest(Range range) {
    return new WatchRequest(range, new Oldest());
  }
}
