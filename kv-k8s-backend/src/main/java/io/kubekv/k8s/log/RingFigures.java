package io.kubekv.k8s.log;

import io.kubekv.Revision;
import java.time.Duration;

/**
 * How a log is at one moment, as its replica sees it.
 *
 * @param bytes what the entries take, in base64, that are in slots alone
 * @param used how many slots hold such an entry
 * @param slots how many there are; 0 before the log was read
 * @param segments how many segments are above the newest snapshot, as far as is known here
 * @param segmentBytes what they take, in base64
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
    int segments,
    long segmentBytes,
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
