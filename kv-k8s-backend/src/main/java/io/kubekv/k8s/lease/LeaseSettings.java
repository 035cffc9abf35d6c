package io.kubekv.k8s.lease;

import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;

/**
 * How replicas of one store agree on which of them is active. All replicas of a store must name the
 * same lease; durations may differ between them.
 *
 * @param name the Lease object's name, in the store's namespace
 * @param duration how long a holder counts on the lease after a renewal was sent, and how long the
 *     others wait for one: whole seconds, because the Lease object says seconds
 * @param renewInterval how often the holder renews; at most a third of the duration, so that one
 *     lost renewal costs nothing
 * @param owner whom this process belongs to, such as the host's name; the holder's identity begins
 *     with it, for people
 * @param onlyProcessOfOwner this process knows, by a lock that no two processes can have, that
 *     every other process of {@code owner} is gone: a lease they left behind is void and taken at
 *     once
 */
public record LeaseSettings(
    String name,
    Duration duration,
    Duration renewInterval,
    String owner,
    boolean onlyProcessOfOwner) {
  /** Six seconds, renewed every two, on the lease {@code kubekv}. */
  public static LeaseSettings defaults(String owner) {
    return new LeaseSettings("kubekv", Duration.ofSeconds(6), Duration.ofSeconds(2), owner, false);
  }

  public LeaseSettings {
    if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "the lease's name \"" + name + "\" is not a DNS label: use a-z, 0-9 and -");
    }
    if (duration.toNanosPart() != 0 || duration.toSeconds() < 1 || duration.toHours() >= 1) {
      throw new IllegalArgumentException(
          "the lease's duration " + duration + " is not whole seconds from 1 s to 1 h");
    }
    if (renewInterval.isNegative()
        || renewInterval.isZero()
        || renewInterval.multipliedBy(3).compareTo(duration) > 0) {
      throw new IllegalArgumentException(
          "the lease's renew interval "
              + renewInterval
              + " is not above zero and at most a third of its duration "
              + duration);
    }
    if (owner.isEmpty() || owner.indexOf('_') >= 0 || owner.length() > 128) {
      throw new IllegalArgumentException(
          "the lease's owner \"" + owner + "\" is empty, over 128 characters or holds a _");
    }
  }

  /** These settings for a process that knows itself to be its owner's only one. */
  public LeaseSettings asOnlyProcessOfOwner() {
    return new LeaseSettings(name, duration, renewInterval, owner, true);
  }

  /**
   * What clocks may differ by over the duration: 1 % for their rates and 200 ms for everything
   * else. A holder counts that much less, a candidate that much more.
   */
  static Duration margin(Duration duration) {
    return duration.dividedBy(100).plusMillis(200);
  }

  /** When a candidate looks again that has so long to wait. */
  Duration pollIn(Duration left) {
    return left.compareTo(pollInterval()) < 0 ? left : pollInterval();
  }

  /** When to try again after a failure: when the API asks for, between a look and a renewal. */
  Duration retryIn(ApiFailure failure) {
    Duration asked = failure.retryAfter().orElse(Duration.ZERO);
    if (asked.compareTo(pollInterval()) < 0) {
      return pollInterval();
    }
    return asked.compareTo(renewInterval) < 0 ? asked : renewInterval;
  }

  /** How often a candidate looks. */
  Duration pollInterval() {
    Duration half = Duration.ofMillis(500);
    return renewInterval.compareTo(half) < 0 ? renewInterval : half;
  }

  /** Whether {@code holder} was an earlier process of our owner, and we know it to be gone. */
  public boolean isVoid(String holder) {
    return onlyProcessOfOwner && holder.startsWith(owner + "_");
  }
}
