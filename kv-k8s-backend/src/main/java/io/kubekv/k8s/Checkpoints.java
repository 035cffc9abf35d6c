package io.kubekv.k8s;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * The revision from which a restart lists and watches, so that its history reaches back: about two
 * minutes old, which is within what an API server remembers. Rides on the lease's renewals.
 * Thread-safe.
 */
final class Checkpoints {
  static final String ANNOTATION = "kubekv.io/checkpoint";
  private static final Duration AGE = Duration.ofMinutes(2);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private record Sample(long nanos, Revision revision) {}

  private final Clocks clocks;
  private final Deque<Sample> samples = new ArrayDeque<>();

  Checkpoints(Clocks clocks) {
    this.clocks = clocks;
  }

  /** The index stands at {@code seen} now; called every now and then. */
  synchronized void sample(Revision seen) {
    long now = clocks.nanoTime();
    if (seen.equals(Revision.ZERO)
        || (!samples.isEmpty() && now - samples.getLast().nanos() < INTERVAL.toNanos())) {
      return;
    }
    samples.add(new Sample(now, seen));
    while (samples.size() > 1 && isOldEnough(samples, now)) {
      samples.removeFirst();
    }
  }

  /** Forgets all, because the store has gone back in time. */
  synchronized void clear() {
    samples.clear();
  }

  /** What to write into the Lease. */
  synchronized Map<String, String> annotations() {
    return samples.isEmpty()
        ? Map.of()
        : Map.of(ANNOTATION, samples.getFirst().revision().toString());
  }

  /** What an earlier holder wrote into the Lease. */
  static Optional<Revision> in(Map<String, String> annotations) {
    try {
      return Optional.ofNullable(annotations.get(ANNOTATION)).map(Revision::parse);
    } catch (NumberFormatException edited) {
      return Optional.empty();
    }
  }

  /** Whether the second sample is old enough, so that the first is not needed. */
  private static boolean isOldEnough(Deque<Sample> samples, long now) {
    Sample first = samples.removeFirst();
    boolean old = now - samples.getFirst().nanos() >= AGE.toNanos();
    samples.addFirst(first);
    return old;
  }
}
