package io.kubekv.transport.watch;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.function.BiPredicate;

/**
 * What a client wants to be told.
 *
 * @param range the keys
 * @param since the first revision wanted, past or future
 * @param stream false to end with the first event
 * @param visible which events of the range the dialect shows; must be quick and pure
 */
public record WatchRequirements(
    Range range, Revision since, boolean stream, BiPredicate<Range, WatchEvent> visible) {}
