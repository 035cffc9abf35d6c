package io.kubekv;

/** Whether a change heeds the rules of a tree of directories (see {@link TreeRules}). */
public enum Layout {
  /** Keys are only text: an entry may have entries below it. */
  FLAT,
  /** etcd v2's tree: values have nothing below them, missing parents are made as directories. */
  TREE
}
