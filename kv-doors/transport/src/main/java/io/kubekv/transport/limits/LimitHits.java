package io.kubekv.transport.limits;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How often each limit was met. Thread-safe. */
public final class LimitHits {
  /** What became of whoever met a limit. */
  public enum Outcome {
    /** It had to wait for its turn. */
    DELAYED,
    /** It was told that it is too much, or was cut off. */
    REFUSED
  }

  private static final int OUTCOMES = Outcome.values().length;

  private final LongAdder[] hits =
      Stream.generate(LongAdder::new)
          .limit((long) Limit.values().length * OUTCOMES)
          .toArray(LongAdder[]::new);

  /** Counts one that was refused, or cut off. */
  public void refused(Limit limit) {
    count(limit, Outcome.REFUSED).increment();
  }

  /** Counts one that has to wait. */
  public void delayed(Limit limit) {
    count(limit, Outcome.DELAYED).increment();
  }

  /** How often, since the start. */
  public long of(Limit limit, Outcome outcome) {
    return count(limit, outcome).sum();
  }

  private LongAdder count(Limit limit, Outcome outcome) {
    return hits[limit.ordinal() * OUTCOMES + outcome.ordinal()];
  }
}
