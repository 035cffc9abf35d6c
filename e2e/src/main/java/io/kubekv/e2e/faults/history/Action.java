package io.kubekv.e2e.faults.history;

/** What a call is to do to its key. */
public enum Action {
  /** Reads it. */
  GET,
  /** Stores a value, whatever was there. */
  PUT,
  /** Stores a value if nothing is there. */
  CREATE,
  /** Stores a value if the last change has the expected revision. */
  SWAP,
  /** Deletes what is there; refused when nothing is. */
  DELETE,
  /** Deletes what is there, if the last change has the expected revision. */
  DELETE_IF,
  /** Sees to it that nothing is there. */
  REMOVE;

  /** Whether it leaves the key as it is. */
  public boolean isRead() {
    return this == GET;
  }

  /** Whether the key has the call's value afterwards. */
  public boolean stores() {
    return this == PUT || this == CREATE || this == SWAP;
  }
}
