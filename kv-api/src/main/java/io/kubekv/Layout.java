package io.kubekv;

/**
 * Whether a change heeds the rules of a tree of directories (see {@link TreeRules} and {@link
 * NodeRules}).
 */
public enum Layout {
  /** Keys are only text: an entry may have entries below it. */
  FLAT,
  /** etcd v2's tree: values have nothing below them, missing parents are made as directories. */
  TREE,
  /**
   * ZooKeeper's tree: a node may have a value and others below it. A node is a key that has an
   * entry, or below which a key is: then it is implied. A new one needs the node above it.
   */
  NODES
}
