package io.kubekv.replica;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Lets the holder switch on what every replica can apply. It knows the others by the streams that
 * they keep open to it, so it waits until nobody has come or gone for a while: after a take-over
 * they have to find it first. One that is away all that time is not asked: if its version does not
 * know what was switched on meanwhile, it stops when it comes back and says so. For one thread.
 */
final class FeatureSwitch {
  /** Several times as long as a replica takes to find a new holder. */
  static final Duration QUIET = Duration.ofSeconds(30);

  private final LocalReplica local;
  private final Membership membership;
  private final LongSupplier ticker;
  private long version;
  private long quietSince;

  /**
   * @param ticker nanoseconds of a clock that never goes back
   */
  FeatureSwitch(LocalReplica local, Membership membership, LongSupplier ticker) {
    this.local = local;
    this.membership = membership;
    this.ticker = ticker;
    this.quietSince = ticker.getAsLong();
  }

  /** Looks whether there is something to do; many times a second. */
  void look() {
    long now = ticker.getAsLong();
    if (!local.isActive() || membership.version() != version) {
      version = membership.version();
      quietSince = now;
    } else if (now - quietSince >= QUIET.toNanos()) {
      quietSince = now;
      local.switchOn(known());
    }
  }

  /** What every replica can apply. */
  private Set<String> known() {
    Set<String> known = new HashSet<>(membership.self().features());
    membership.following().forEach(member -> known.retainAll(member.features()));
    return known;
  }
}
