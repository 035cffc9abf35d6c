package io.kubekv.embedded;

import org.jspecify.annotations.Nullable;

/**
 * One committed change: an object's new version and the one it replaced.
 *
 * @param table the table of the object's resource type
 * @param key the object's key within the table
 * @param version what the change made of the object
 * @param before what it was before; null when it did not exist
 */
record Change(ObjectTable table, String key, Version version, @Nullable Version before) {
  Change {
    if (before != null && before.deleted()) {
      throw new IllegalArgumentException("a deleted version is no state to change from: " + key);
    }
  }

  long revision() {
    return version.revision();
  }

  /** Bytes that only history needs: they are free once this change is compacted. */
  long historyBytes() {
    long own = version.deleted() ? version.json().length : 0;
    return own + (before == null ? 0 : before.json().length) + OVERHEAD;
  }

  /** What a superseded version costs besides its bytes, roughly. */
  private static final long OVERHEAD = 160;
}
