package io.kubekv;

import java.util.Optional;

/**
 * The answer to a get.
 *
 * @param entry the entry, absent when the key had none
 * @param revision the revision of the state that was read
 */
public record Lookup(Optional<Entry> entry, Revision revision) implements TransactionResult {}
