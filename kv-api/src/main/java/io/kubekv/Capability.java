package io.kubekv;

/** What a store can do beyond the promises; where one is absent, {@link KeyValueStore} says so. */
public enum Capability {
  /** Deleting a {@link Range.Tree} is one change: one revision, one event, seen whole or not. */
  ATOMIC_TREE_DELETE,
  /** The entries outlive the process that wrote them. */
  DURABLE
}
