package io.kubekv.embedded;

import org.jspecify.annotations.Nullable;

/**
 * One state of one object: what it looked like from {@code revision} on, until the next version of
 * it.
 *
 * <p>A deletion is a version too: {@code deleted}, with the last state stamped with the deletion's
 * own revision, because that is what a DELETED event shows.
 *
 * <p>Immutable but for {@code previous}, which compaction cuts once no snapshot can need it.
 */
final class Version {
  private final long revision;
  private final byte[] json;
  private final boolean deleted;
  private volatile @Nullable Version previous;

  Version(long revision, byte[] json, boolean deleted, @Nullable Version previous) {
    this.revision = revision;
    this.json = json;
    this.deleted = deleted;
    this.previous = previous;
  }

  /** The number of the change that made this version; the object's resourceVersion. */
  long revision() {
    return revision;
  }

  /** The whole object as it goes over the wire, resourceVersion included. Not to be changed. */
  byte[] json() {
    return json;
  }

  boolean deleted() {
    return deleted;
  }

  /** The version before this one; null when there was none, or when it has been compacted away. */
  @Nullable Version previous() {
    return previous;
  }

  void forgetPrevious() {
    previous = null;
  }

  /** The version itself, or null for a missing or deleted object. */
  static @Nullable Version alive(@Nullable Version version) {
    return version == null || version.deleted ? null : version;
  }

  /** The newest version at or below {@code revision} in this chain, deletions included. */
  static @Nullable Version at(@Nullable Version head, long revision) {
    Version version = head;
    while (version != null && version.revision > revision) {
      version = version.previous;
    }
    return version;
  }
}
