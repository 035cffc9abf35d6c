package io.kubekv.page.cost;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Who serves the store, and what is measured of that, at one moment.
 *
 * @param place where its log is kept
 * @param namespaceBytes the length of the name that its objects are below
 * @param replicas processes that serve it, as far as is known here
 * @param watchers clients that wait for changes at this replica
 * @param lease how long the store's lease lasts
 * @param historyBytes what each replica keeps of past events, at most
 * @param counts what this replica has done since it began
 * @param held what is there now
 */
public record Serving(
    Place place,
    int namespaceBytes,
    int replicas,
    long watchers,
    Duration lease,
    long historyBytes,
    Counts counts,
    Held held) {
  /** What keeps a log. */
  public enum Place {
    /** The Kubernetes API of a cluster. */
    CLUSTER,
    /** The API server that is part of this process. */
    INSIDE,
    /** An etcd v3. */
    ETCD
  }

  /**
   * What only grows.
   *
   * @param calls of the API
   * @param entries of the log that were written
   * @param entrySeconds what these took in all
   * @param processorSeconds of this process; empty where nobody says
   */
  public record Counts(
      long calls, long entries, double entrySeconds, OptionalDouble processorSeconds) {}

  /**
   * What is there now; empty is what this server does not know.
   *
   * @param slots of the log that hold an entry which is nowhere else
   * @param logBytes in these
   * @param segmentBytes what was copied out of the log since the newest snapshot
   * @param snapshot the revision of the newest snapshot
   * @param shownKeys that objects show
   * @param heapBytes of this process, garbage included
   */
  public record Held(
      OptionalLong slots,
      OptionalLong logBytes,
      OptionalLong segmentBytes,
      OptionalLong snapshot,
      OptionalLong shownKeys,
      OptionalLong heapBytes) {}
}
