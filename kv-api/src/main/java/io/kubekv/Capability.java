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
  /** The entries outlive the process that wrote them. */
  DURABLE
}
