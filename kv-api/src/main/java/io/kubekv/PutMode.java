package io.kubekv;

/** What a put keeps of the entry that it finds. */
public enum PutMode {
  /**
   * The metadata, and the version, which grows: who compares versions sees that there was a put. In
   * everything else the entry is new, with its own create revision (etcd v2's set).
   */
  REPLACE,
  /**
   * The same, the create revision, and with {@link Layout#TREE} the kind. Without an entry it makes
   * one.
   */
  UPDATE,
  /**
   * Everything but the expiry: value, flags and kind stay. The change has its revision and its
   * event, whose cause is {@link Cause#REFRESH}. Without an entry it is refused as missing.
   */
  REFRESH
}
