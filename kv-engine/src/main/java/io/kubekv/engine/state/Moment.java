package io.kubekv.engine.state;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * What a decision needs to know of time. All that ends by time ends by a request of its own ({@link
 * Request.ExpireEntry} and its like); nothing else asks what time it is.
 *
 * @param wall for display alone
 * @param delayLeft how much of a lock delay is left; not positive when it is over
 */
public record Moment(Instant wall, Function<LockDelay, Duration> delayLeft) {}
