package io.kubekv.client;

/**
 * How a lock or a session was lost.
 *
 * @param reason how
 * @param message the same in words, for a log
 */
public record Loss(Reason reason, String message) {
  /** How a lock or a session is lost. */
  public enum Reason {
    /** The session ended: its time ran out, or somebody destroyed it. */
    SESSION_ENDED,
    /** The key was deleted. */
    DELETED,
    /** Somebody released the key or acquired it. */
    TAKEN,
    /**
     * The server cannot be reached, or cannot tell. It may last a little longer; nothing that needs
     * it may be done any more.
     */
    UNKNOWN
  }
}
