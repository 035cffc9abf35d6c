package io.kubekv.k8s.lease;

import java.util.Map;
import java.util.function.Supplier;

/** The requests that one process makes about its store's Lease, in its own name. */
final class LeaseRequests {
  /** Attempts at a release whose answer is lost; after that the others wait the lease out. */
  private static final int RELEASE_ATTEMPTS = 3;

  private final LeaseApi api;
  private final LeaseSettings settings;
  private final Clocks clocks;
  private final String identity;
  private final Supplier<Map<String, String>> annotations;

  /**
   * @param annotations what to write along with each change; those not named stay as they are
   */
  LeaseRequests(
      LeaseApi api,
      LeaseSettings settings,
      Clocks clocks,
      String identity,
      Supplier<Map<String, String>> annotations) {
    this.api = api;
    this.settings = settings;
    this.clocks = clocks;
    this.identity = identity;
    this.annotations = annotations;
  }

  LeaseApi.Answer look() {
    return api.get();
  }

  /** Makes the Lease, held by us. */
  LeaseApi.Answer make() {
    return api.create(ours(LeaseState.vacant(clocks.wall())));
  }

  /** Takes exactly the version found. */
  LeaseApi.Answer take(LeaseState found) {
    return api.update(ours(found));
  }

  /** Renews exactly the version held. */
  LeaseApi.Answer renew(LeaseState held) {
    return api.update(held.renewed(settings.duration(), clocks.wall(), annotations.get()));
  }

  /** Lets go of it; false when it may still be in our name. */
  boolean release(LeaseState held) {
    LeaseState lease = held;
    for (int attempt = 0; attempt < RELEASE_ATTEMPTS; attempt++) {
      if (api.update(lease.released(clocks.wall())) instanceof LeaseApi.Answer.Got) {
        return true;
      }
      if (api.get() instanceof LeaseApi.Answer.Got now) {
        if (!now.lease().isHeldBy(identity)) {
          return true;
        }
        lease = now.lease();
      }
    }
    return false;
  }

  private LeaseState ours(LeaseState found) {
    return found.takenBy(identity, settings.duration(), clocks.wall(), annotations.get());
  }
}
