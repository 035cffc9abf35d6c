package io.kubekv;

/**
 * What is counted of a directory: what keys share up to and with their last {@code /}, or nothing
 * at the top. Counted are the nodes directly in it ({@link Layout#NODES}): keys that have an entry,
 * and keys that are implied because others are below them. It is counted for as long as its own
 * node is there, that is while it has an entry or anything is below it; then all of it begins anew
 * (ZooKeeper's {@code cversion}, {@code pzxid} and {@code numChildren}). So a key {@code a/b/c}
 * where nothing was is one in {@code a/b/}, makes {@code a/b} one in {@code a/}, and {@code a} one
 * at the top.
 *
 * @param creates how many nodes were made in it, those that are gone by now as well; the number of
 *     the next one ({@link Naming#SEQUENCE}), unless a higher one is there
 * @param children how many nodes are in it
 * @param changed the revision at which a node was last made or deleted in it; {@link Revision#ZERO}
 *     when none was
 * @param revision the revision of the state that was read
 */
public record DirectoryLookup(long creates, long children, Revision changed, Revision revision)
    implements TransactionResult {}
