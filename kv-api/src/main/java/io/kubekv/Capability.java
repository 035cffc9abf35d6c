package io.kubekv;

/** What a store can do beyond the promises; where one is absent, {@link KeyValueStore} says so. */
public enum Capability {
  /** Deleting a {@link Range.Tree} is one change: one revision, one event, seen whole or not. */
  ATOMIC_TREE_DELETE,
  /**
   * {@link KeyValueStore#transact} takes any transaction. A store without it takes those that only
   * read, and those that read and check one key and at last put or delete it ({@link
   * TransactionRules#requireOneKey}).
   */
  ANY_TRANSACTION,
  /**
   * {@link KeyValueStore#transact} also takes transactions that change several keys, each once
   * ({@link TransactionRules#requireEachKeyOnce}). Without {@link #ANY_TRANSACTION} all changes of
   * one transaction have the one revision: their events share it and come one after the other, in
   * the order of the operations. Whoever goes on with a watch from a revision that he has seen asks
   * from that revision, and passes over what he has, or loses what else is of that revision.
   */
  SEVERAL_KEYS_TRANSACTION,
  /** The entries outlive the process that wrote them. */
  DURABLE
}
