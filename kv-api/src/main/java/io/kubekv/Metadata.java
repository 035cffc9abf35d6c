package io.kubekv;

/**
 * What a door keeps with an entry beside its value, and the store does not look into (ZooKeeper's
 * access control lists).
 *
 * @param content at most {@link Limits#MAX_METADATA_BYTES}
 * @param version how often it was changed since the entry was made, as an {@code int} shows it
 */
public record Metadata(Bytes content, int version) {
  /** What an entry has that was put without. */
  public static final Metadata NONE = new Metadata(Bytes.EMPTY, 0);

  /** That of a new entry. */
  public static Metadata of(Bytes content) {
    return content.size() == 0 ? NONE : new Metadata(content, 0);
  }

  /** The same after a change. */
  public Metadata changed(Bytes newContent) {
    return new Metadata(newContent, version + 1);
  }
}
