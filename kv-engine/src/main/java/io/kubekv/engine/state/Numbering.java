package io.kubekv.engine.state;

/**
 * How the changes of one request are numbered. The one place to change when the port's promise
 * does.
 */
public enum Numbering {
  /** Each has a revision of its own: what the port and its contract kit want today. */
  PER_CHANGE,
  /** All have the one revision, and are told apart by their places in its commit. */
  PER_REQUEST
}
