package io.kubekv.transport.watch;

import io.kubekv.Revision;

/** A watch was to start with events that the store no longer remembers. */
public final class HistoryGoneException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Revision oldest;

  HistoryGoneException(Revision oldest) {
    super("the history begins at revision " + oldest);
    this.oldest = oldest;
  }

  /** The first revision that a watch may start from. */
  public Revision oldest() {
    return oldest;
  }
}
