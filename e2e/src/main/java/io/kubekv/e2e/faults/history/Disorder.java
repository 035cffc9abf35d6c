package io.kubekv.e2e.faults.history;

/**
 * Something that a session of ZooKeeper's was told and must not be.
 *
 * @param client whose session it is
 * @param at when it was told
 */
public record Disorder(String client, String replica, long at, String told) implements Line {}
