package io.kubekv;

/**
 * When an entry was made and changed, in milliseconds since 1970 by the clock of the replica that
 * decided it. Of two changes of a store the later one shows no earlier time: where a clock is
 * behind what was shown last, that is shown again, for a minute at most. What is further ahead was
 * a wrong clock's, and times go on with that of whoever decides; an entry is never shown to be made
 * later than it was changed.
 *
 * @param created when {@link Entry#createRevision} was made; 0 where that is not known
 * @param modified when {@link Entry#modifyRevision} was made; 0 where that is not known
 */
public record Times(long created, long modified) {
  /** What is not known. */
  public static final Times NONE = new Times(0, 0);
}
