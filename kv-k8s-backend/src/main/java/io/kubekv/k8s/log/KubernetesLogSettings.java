package io.kubekv.k8s.log;

import java.time.Duration;

/**
 * How a log in a Kubernetes API behaves.
 *
 * @param namespace the namespace that is the store; it must exist
 * @param slots how many entries above the newest snapshot the log of a new store takes; that of a
 *     store which exists stays as it is
 * @param segments how many segments there may be above the newest snapshot; each has what fills
 *     half of the slots, or a MiB
 * @param requestTimeout how long one request to the API may take
 * @param snapshotBytesPerSecond how fast a snapshot is written while the log has room
 * @param keepChunks how long parts of snapshots stay that none needs any more; longer than a
 *     request can live in an API server
 * @param mostStandingBytes of entries in base64: when more stand in the log, the largest go that
 *     neither of the last two snapshots needs
 */
public record KubernetesLogSettings(
    String namespace,
    int slots,
    int segments,
    Duration requestTimeout,
    long snapshotBytesPerSecond,
    Duration keepChunks,
    long mostStandingBytes) {
  private static final int LEAST_SLOTS = 4;
  private static final int MOST_SLOTS = 65_536;

  /** Twice as many are in one object, of some 110 bytes each. */
  private static final int MOST_SEGMENTS = 4096;

  public KubernetesLogSettings {
    if (slots < LEAST_SLOTS || slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "slots must be from %d to %d, not %d".formatted(LEAST_SLOTS, MOST_SLOTS, slots));
    }
    if (segments < 1 || segments > MOST_SEGMENTS) {
      throw new IllegalArgumentException(
          "segments must be from 1 to %d, not %d".formatted(MOST_SEGMENTS, segments));
    }
    if (snapshotBytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "snapshotBytesPerSecond must be above 0, not " + snapshotBytesPerSecond);
    }
  }

  /** 1,024 slots, 512 segments, requests of up to five seconds, snapshots at 16 MiB a second. */
  public static KubernetesLogSettings defaults(String namespace) {
    return new KubernetesLogSettings(
        namespace,
        1_024,
        512,
        Duration.ofSeconds(5),
        16L << 20,
        Duration.ofSeconds(90),
        256L << 20);
  }

  public KubernetesLogSettings withSlots(int newSlots) {
    return new KubernetesLogSettings(
        namespace,
        newSlots,
        segments,
        requestTimeout,
        snapshotBytesPerSecond,
        keepChunks,
        mostStandingBytes);
  }

  public KubernetesLogSettings withSegments(int newSegments) {
    return new KubernetesLogSettings(
        namespace,
        slots,
        newSegments,
        requestTimeout,
        snapshotBytesPerSecond,
        keepChunks,
        mostStandingBytes);
  }

  public KubernetesLogSettings withKeepChunks(Duration newKeepChunks) {
    return new KubernetesLogSettings(
        namespace,
        slots,
        segments,
        requestTimeout,
        snapshotBytesPerSecond,
        newKeepChunks,
        mostStandingBytes);
  }

  public KubernetesLogSettings withRequestTimeout(Duration newRequestTimeout) {
    return new KubernetesLogSettings(
        namespace,
        slots,
        segments,
        newRequestTimeout,
        snapshotBytesPerSecond,
        keepChunks,
        mostStandingBytes);
  }

  public KubernetesLogSettings withMostStandingBytes(long newMostStandingBytes) {
    return new KubernetesLogSettings(
        namespace,
        slots,
        segments,
        requestTimeout,
        snapshotBytesPerSecond,
        keepChunks,
        newMostStandingBytes);
  }
}
