package io.kubekv;

/** What a put keeps of the entry that it finds. */
public enum PutMode {
  /** Nothing: the entry is new, with its own create revision and version 1 (etcd v2's set). */
  REPLACE,
  /**
   * The create revision, and with {@link Layout#TREE} the kind; the version grows. Without an entry
   * it makes one.
   */
  UPDATE,
  /**
   * Everything but the expiry: value, flags and kind stay. The change has its revision and its
   * event, whose cause is {@link Cause#REFRESH}. Without an entry it is refused as missing.
   */
  REFRESH
}
