package io.kubekv.page.cost;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What was counted at former looks at the store: a rate is how much more there is now. Some tens of
 * looks are kept, of the last ten minutes and one before. Thread-safe.
 */
public final class Looks {
  private static final Duration SPAN = Duration.ofMinutes(10);
  private static final Duration APART = Duration.ofSeconds(20);

  /** Of less time no rate is told. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * One look.
   *
   * @param nanos when
   * @param revision of the store
   */
  record Look(long nanos, long revision, Serving.Counts counts) {}

  /**
   * What has happened between two looks.
   *
   * @param changes revisions of the store
   */
  record Rates(Duration over, long changes, Serving.Counts since, Serving.Counts now) {
    double changesPerSecond() {
      return changes / seconds();
    }

    double callsPerSecond() {
      return (now.calls() - since.calls()) / seconds();
    }

    double entriesPerSecond() {
      return (now.entries() - since.entries()) / seconds();
    }

    /** A part of one processor; empty where nobody says. */
    Optional<Double> processor() {
      return now.processorSeconds().isEmpty() || since.processorSeconds().isEmpty()
          ? Optional.empty()
          : Optional.of(
              (now.processorSeconds().getAsDouble() - since.processorSeconds().getAsDouble())
                  / seconds());
    }

    private double seconds() {
      return over.toNanos() / 1e9;
    }
  }

  private final LongSupplier clock;
  private final Deque<Look> kept = new ArrayDeque<>();

  public Looks() {
    this(System::nanoTime);
  }

  /**
   * For tests.
   *
   * @param clock nanoseconds that never go back
   */
  Looks(LongSupplier clock) {
    this.clock = clock;
  }

  /** Looks; empty when there is no former look that is long enough ago. */
  synchronized Optional<Rates> look(long revision, Serving.Counts counts) {
    Look now = new Look(clock.getAsLong(), revision, counts);
    forget(now);
    Optional<Look> first = Optional.ofNullable(kept.peekFirst());
    Look last = kept.peekLast();
    if (last == null || between(last, now).compareTo(APART) >= 0) {
      kept.addLast(now);
    }
    return first
        .filter(look -> between(look, now).compareTo(SHORTEST) >= 0)
        .map(
            look ->
                new Rates(
                    between(look, now),
                    Math.max(0, revision - look.revision()),
                    look.counts(),
                    counts));
  }

  /** The first that stays is the last of those that are too long ago. */
  private void forget(Look now) {
    while (kept.size() > 1) {
      Look first = kept.removeFirst();
      Look second = kept.getFirst();
      if (between(second, now).compareTo(SPAN) < 0) {
        kept.addFirst(first);
        return;
      }
    }
  }

  private static Duration between(Look then, Look now) {
    return Duration.ofNanos(now.nanos() - then.nanos());
  }
}
