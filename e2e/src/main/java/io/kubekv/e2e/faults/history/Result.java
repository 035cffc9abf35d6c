package io.kubekv.e2e.faults.history;

/** What a client knows of its call. */
public enum Result {
  /** It was done. */
  DONE,
  /** It was refused by what the key was. */
  REFUSED,
  /** It was not done, and will not be. */
  FAILED,
  /** It was done, will be, or never: nobody knows. */
  UNKNOWN
}
