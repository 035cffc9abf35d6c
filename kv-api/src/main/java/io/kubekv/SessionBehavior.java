package io.kubekv;

/** What becomes of the keys that a session holds when it ends. */
public enum SessionBehavior {
  /** They stay, and nobody holds them. */
  RELEASE,
  /** They are deleted. */
  DELETE
}
