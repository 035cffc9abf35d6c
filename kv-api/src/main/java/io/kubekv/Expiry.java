package io.kubekv;

import java.time.Duration;
import java.time.Instant;

/**
 * The end that a put gave its entry.
 *
 * @param timeToLive the full time to live, counted from the last acknowledged put or refresh; never
 *     negative, zero ends the entry at once
 * @param expiresAt when it ends by the store's wall clock, as far as the store knows now: for
 *     display; the store itself counts on a monotonic clock and may be later (see {@link
 *     KeyValueStore}, promise 5)
 */
public record Expiry(Duration timeToLive, Instant expiresAt) {}
