package io.kubekv.engine.state;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;

/**
 * A key that nobody acquires yet, because the session that held it has ended.
 *
 * @param whole how long the delay was when it began
 * @param since the revision of the session's end: what tells it from a later one of the key
 */
public record LockDelay(Key key, Duration whole, Revision since) {}
