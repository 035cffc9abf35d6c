package io.kubekv.k8s.view;

import io.kubekv.Revision;

/**
 * How the log of a store is at one moment, for its {@code Store} object.
 *
 * @param bytes what the entries above the snapshot take
 * @param ringUse how much of the ring is in use, from 0 to 1
 * @param snapshot the revision of the last snapshot that is durable
 */
public record LogFigures(long bytes, double ringUse, Revision snapshot) {
  /** Of a store that has no log. */
  public static final LogFigures NONE = new LogFigures(0, 0, Revision.ZERO);
}
