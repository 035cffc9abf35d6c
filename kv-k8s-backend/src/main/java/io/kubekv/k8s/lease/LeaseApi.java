package io.kubekv.k8s.lease;

import io.kubekv.k8s.api.ApiFailure;

/**
 * The three calls on the one Lease object of a store. Each is sent once: nothing repeats it, and no
 * concurrency limit of the store holds it up. Each blocks, and answers within one renew interval:
 * later it is {@link ApiFailure.NoAnswer}. Thread-safe.
 */
interface LeaseApi {
  /** What came of a call. */
  sealed interface Answer {
    /** The object as it is now. */
    record Got(LeaseState lease) implements Answer {}

    record Failed(ApiFailure failure) implements Answer {}
  }

  /** The object as the API's storage has it now, not an API server's cache. */
  Answer get();

  /** Makes the object; {@link ApiFailure.AlreadyExists} when there is one. */
  Answer create(LeaseState lease);

  /** Replaces exactly {@code lease.version()}; {@link ApiFailure.Conflict} when it has changed. */
  Answer update(LeaseState lease);
}
