package io.kubekv.engine.state;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a version of kubekv can write that versions before it cannot apply. It is not written before
 * an entry of the log has switched it on ({@link Change.SwitchedOn}), which the holder does when
 * every replica knows it. A new store begins with all that its founder knows.
 */
public enum Feature {
  /** Entries that end with a session, and sessions that live once their time to live. */
  ATTACHED_KEYS("attached-keys", "0.1"),

  /** What was is forgotten on request. */
  COMPACTION("compaction", "0.1"),

  /** What is counted of each directory, of implied nodes as well, and keys that are named by it. */
  DIRECTORY_COUNTERS("directory-nodes", "0.1"),

  /**
   * The times of entries, what doors keep beside their values, and sessions that are taken up
   * again.
   */
  ENTRY_METADATA("entry-metadata", "0.1");

  private final String text;
  private final String since;

  Feature(String text, String since) {
    this.text = text;
    this.since = since;
  }

  /** Its name in the log and between replicas; never used again for another. */
  public String text() {
    return text;
  }

  /** The first version of kubekv that knows it. */
  public String since() {
    return since;
  }

  /** The feature of a name; empty when this version knows none. */
  public static Optional<Feature> of(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
  }
}
