package io.kubekv;

/**
 * What is counted of a directory: what keys share up to and with their last {@code /}, or nothing
 * at the top. Counted is what is made and deleted directly in it, for as long as it has an entry of
 * its own or one directly in it; then all of it begins anew (ZooKeeper's {@code cversion}, {@code
 * pzxid} and {@code numChildren}).
 *
 * @param creates how many entries were made in it, those that are gone by now as well; the number
 *     of the next one ({@link Naming#SEQUENCE}), unless a higher one is there
 * @param children how many entries are in it
 * @param changed the revision at which an entry was last made or deleted in it; {@link
 *     Revision#ZERO} when none was
 * @param revision the revision of the state that was read
 */
public record DirectoryLookup(long creates, long children, Revision changed, Revision revision) {}
