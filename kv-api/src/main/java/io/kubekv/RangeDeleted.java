package io.kubekv;

import java.util.Optional;

/**
 * What a range delete removed.
 *
 * @param count how many entries; 0 when the range held none
 * @param top the entry at {@link Range#self()}, when there was one
 * @param revision the revision of the change, or of the state when there was nothing
 */
public record RangeDeleted(long count, Optional<Entry> top, Revision revision)
    implements TransactionResult {}
