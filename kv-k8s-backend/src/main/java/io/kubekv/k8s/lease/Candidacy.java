package io.kubekv.k8s.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a process that does not hold the lease must still wait before it may take it: the rules
 * for candidates in {@link Leadership}. Begins with each loss of the lease anew. Not thread-safe.
 */
final class Candidacy {
  private final LeaseSettings settings;
  private final Clocks clocks;
  private final String identity;
  private final long standsBackUntil;

  /** What the last look found, absent for a missing Lease, and since when it has been that. */
  private Optional<String> version = Optional.empty();

  private long since;
  private boolean looked;

  /**
   * @param standBack how long not to take the lease, free or not
   */
  Candidacy(LeaseSettings settings, Clocks clocks, String identity, Duration standBack) {
    this.settings = settings;
    this.clocks = clocks;
    this.identity = identity;
    this.standsBackUntil = clocks.nanoTime() + standBack.toNanos();
  }

  /** The wait that is left now that {@code lease} was found; zero when it may be taken. */
  Duration left(LeaseState lease) {
    found(Optional.of(lease.version()));
    return isFree(lease) ? standBack() : longer(standBack(), leftOf(lease.duration()));
  }

  /** The wait that is left now that no Lease was found; zero when one may be made. */
  Duration leftWhenMissing(boolean storeIsNew) {
    found(Optional.empty());
    return storeIsNew ? standBack() : longer(standBack(), leftOf(settings.duration()));
  }

  private void found(Optional<String> now) {
    if (!looked || !version.equals(now)) {
      looked = true;
      version = now;
      since = clocks.nanoTime();
    }
  }

  /** Released, ours by a lost answer, or left behind by a process that is known to be gone. */
  private boolean isFree(LeaseState lease) {
    return lease
        .holder()
        .filter(holder -> !holder.equals(identity) && !settings.isVoid(holder))
        .isEmpty();
  }

  private Duration leftOf(Duration objectDuration) {
    Duration longest = longer(objectDuration, settings.duration());
    Duration waited = Duration.ofNanos(clocks.nanoTime() - since);
    return longer(longest.plus(LeaseSettings.margin(longest)).minus(waited), Duration.ZERO);
  }

  private Duration standBack() {
    return longer(Duration.ofNanos(standsBackUntil - clocks.nanoTime()), Duration.ZERO);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
