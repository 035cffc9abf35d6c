package io.kubekv.k8s.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * One unbroken stretch of holding the lease. It never becomes valid again once it has ended: the
 * next acquisition is another term, even of the same process. Thread-safe.
 *
 * <p>The term ends by itself when the lease runs out, counted on the monotonic clock from the
 * moment the last renewal was <em>sent</em>; and when the wall clock or the time since boot has run
 * ahead of the monotonic clock since then, because the machine was suspended and the others' clocks
 * ran on. (A machine whose clocks were all stopped cannot be told from one that was fast: a pause
 * by the hypervisor must not be hidden from the guest's clocks.)
 */
final class Term {
  /** How far clocks may part without meaning anything; well within a lease's margin. */
  private static final Duration TOLERANCE = Duration.ofMillis(100);

  /** Clocks that are read within this time are read at the same moment. */
  private static final long AT_ONCE = Duration.ofMillis(20).toNanos();

  /**
   * How often the clocks are read before they are believed to have parted: a thread that is held up
   * between two of them sees that, too, but not every time.
   */
  private static final int READINGS = 5;

  /** Reading the time since boot costs microseconds, so not every check does. */
  private static final long BOOT_CHECK_INTERVAL = Duration.ofMillis(50).toNanos();

  /**
   * The moment that a request was sent, on all clocks.
   *
   * @param nanos the monotonic clock
   * @param boot the time since boot
   */
  record Sent(long nanos, Instant wall, Duration boot) {
    /** Reads all clocks, and again when this thread was held up in between. */
    static Sent now(Clocks clocks) {
      for (int reading = 1; ; reading++) {
        Sent sent = new Sent(clocks.nanoTime(), clocks.wall(), clocks.sinceBoot());
        if (clocks.nanoTime() - sent.nanos() <= AT_ONCE || reading == READINGS) {
          return sent;
        }
      }
    }
  }

  private record Grant(Sent sent, long length) {
    boolean isOver(long now) {
      return now - sent.nanos() >= length;
    }
  }

  private final long number;
  private final Clocks clocks;
  private volatile Grant grant;
  private volatile boolean ended;
  private volatile long bootCheckedAt;

  /**
   * @param number counts the terms of this process, from 1
   * @param sent when the request that got the lease was sent
   * @param duration the lease's duration
   */
  Term(long number, Clocks clocks, Sent sent, Duration duration) {
    this.number = number;
    this.clocks = clocks;
    this.grant = grant(sent, duration);
    this.bootCheckedAt = sent.nanos();
  }

  /** Counts the terms of this process, from 1. */
  long number() {
    return number;
  }

  /**
   * Whether the lease is held now. Cheap: two clock readings, and every 50 ms a third. An answer is
   * linearizable when this was true <em>after</em> the state it was taken from was current.
   */
  boolean isValid() {
    return isValid(clocks.nanoTime() - bootCheckedAt >= BOOT_CHECK_INTERVAL);
  }

  /** For how long it is valid if nothing renews it; zero once it has ended. */
  Duration left() {
    Grant current = grant;
    return isValid()
        ? Duration.ofNanos(
            Math.max(0, current.length() - (clocks.nanoTime() - current.sent().nanos())))
        : Duration.ZERO;
  }

  /**
   * The lease was renewed by a request sent then. Only a term that is still valid is prolonged:
   * false when it has ended meanwhile.
   */
  boolean renewed(Sent sent, Duration duration) {
    if (!isValid(true)) {
      return false;
    }
    grant = grant(sent, duration);
    return true;
  }

  /** Ends the term for good; from now on nothing is answered under it. */
  void end() {
    ended = true;
  }

  private boolean isValid(boolean checkBoot) {
    for (int reading = 1; reading <= READINGS; reading++) {
      long now = clocks.nanoTime();
      Grant current = grant;
      if (ended || current.isOver(now)) {
        return false;
      }
      if (!isSuspended(current.sent(), now, checkBoot)) {
        return !ended;
      }
    }
    end();
    return false;
  }

  /** Whether the others' clocks ran on; {@code now} must have been read before. */
  private boolean isSuspended(Sent sent, long now, boolean checkBoot) {
    Duration passed = Duration.ofNanos(now - sent.nanos());
    boolean suspended = isAhead(Duration.between(sent.wall(), clocks.wall()), passed);
    if (checkBoot) {
      bootCheckedAt = now;
      suspended |= isAhead(clocks.sinceBoot().minus(sent.boot()), passed);
    }
    return suspended;
  }

  private static boolean isAhead(Duration other, Duration monotonic) {
    return other.minus(monotonic).compareTo(TOLERANCE) > 0;
  }

  private static Grant grant(Sent sent, Duration duration) {
    return new Grant(sent, duration.minus(LeaseSettings.margin(duration)).toNanos());
  }
}
