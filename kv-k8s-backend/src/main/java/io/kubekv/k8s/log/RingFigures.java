package io.kubekv.k8s.log;

import io.kubekv.Revision;
import java.time.Duration;

/**
 * How a log is at one moment, as its replica sees it.
 *
 * @param bytes what the entries above the newest snapshot take, in base64
 * @param used how many slots hold an entry above it
 * @param slots how many there are; 0 before the log was read
 * @param snapshot the revision of the newest snapshot that this replica has read or written
 * @param snapshots how many snapshots this replica has written
 * @param harmed slots that others have changed or deleted, and that are not mended yet
 * @param lists how often the log was listed for its watch
 * @param silence how long ago the list or the watch brought anything
 */
public record RingFigures(
    long bytes,
    long used,
    int slots,
    Revision snapshot,
    long snapshots,
    int harmed,
    long lists,
    Duration silence) {
  /** How much of the ring is in use, from 0 to 1. */
  public double use() {
    return slots == 0 ? 0 : Math.min(1, (double) used / slots);
  }
}
