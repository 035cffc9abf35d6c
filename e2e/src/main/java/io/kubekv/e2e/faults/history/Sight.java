package io.kubekv.e2e.faults.history;

/**
 * What an answer tells of a key at one moment.
 *
 * @param told whether it tells anything; if not, the rest means nothing
 * @param exists whether the key was there
 * @param value its value; empty when it was not there
 * @param revision the revision of its last change; 0 when it was not there
 */
public record Sight(boolean told, boolean exists, String value, long revision) {
  /** Nothing is told. */
  public static final Sight NONE = new Sight(false, false, "", 0);

  /** The key was not there. */
  public static final Sight ABSENT = new Sight(true, false, "", 0);

  /** The key was there. */
  public static Sight of(String value, long revision) {
    return new Sight(true, true, value, revision);
  }

  @Override
  public String toString() {
    if (!told) {
      return "?";
    }
    return exists ? value + "@" + revision : "absent";
  }
}
