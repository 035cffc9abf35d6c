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
  /** A put that made a session the key's holder, or was made by the holder through its lock. */
  ACQUIRE,
  /** A put that freed the key. */
  RELEASE,
  /**
   * The session that held the key, or that the entry was attached to, ended: a put when the key was
   * freed, or a delete.
   */
  SESSION_END,
  /** A directory made because an entry below it was put. */
  PARENT,
  /** A delete without precondition, or of a range. */
  DELETE,
  /** A delete on a known revision or value. */
  COMPARE_AND_DELETE,
  /** The time to live ran out. */
  EXPIRE
}
