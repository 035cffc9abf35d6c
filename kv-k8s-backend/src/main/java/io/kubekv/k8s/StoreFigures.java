package io.kubekv.k8s;

import io.kubekv.Revision;
import java.time.Duration;

/**
 * How a store's machinery is at one moment, for metrics.
 *
 * @param leaseLeft for how long the lease is held if nothing renews it; zero where it is not held
 * @param renewalsFailed renewals of the lease that failed since the start
 * @param shown the revision up to which everything is shown here
 * @param announced the last revision that the holder has announced; at the holder what is shown
 * @param watchSilence how long ago the watch of the API, or a list, brought anything
 * @param lists how often the store was listed
 * @param watches how often its watch ended and was begun again
 * @param quarantined objects in the namespace that are no keys: what stands in their place is
 *     refused
 * @param audits how often the index was compared with the API
 * @param repairs how often that found it wrong, so that it was listed again
 */
public record StoreFigures(
    Duration leaseLeft,
    long renewalsFailed,
    Revision shown,
    Revision announced,
    Duration watchSilence,
    long lists,
    long watches,
    int quarantined,
    long audits,
    long repairs) {}
