package io.kubekv;

/**
 * How a store is, for health checks and statistics. Cheap and never blocks.
 *
 * @param ready whether linearizable reads and writes are served now
 * @param reason why not, in words for an operator; empty when ready
 * @param revision the latest revision known here
 * @param oldest the first revision that a watch can still start from
 * @param entries how many entries there are
 * @param bytes how much memory the entries and the sessions take, about ({@link StoredSize})
 */
public record StoreStatus(
    boolean ready, String reason, Revision revision, Revision oldest, long entries, long bytes) {}
