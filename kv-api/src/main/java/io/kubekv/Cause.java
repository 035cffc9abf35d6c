package io.kubekv;

/** Why a change was made; a watch event and the stored object say it. */
public enum Cause {
  /** A put without precondition. */
  SET,
  /** A put on an absent key. */
  CREATE,
  /** A put on a present key. */
  UPDATE,
  /** A put on a known revision or value. */
  COMPARE_AND_SWAP,
  /** A new expiry for the same value. */
  REFRESH,
  /** A directory made because an entry below it was put. */
  PARENT,
  /** A delete without precondition, or of a range. */
  DELETE,
  /** A delete on a known revision or value. */
  COMPARE_AND_DELETE,
  /** The time to live ran out. */
  EXPIRE
}
