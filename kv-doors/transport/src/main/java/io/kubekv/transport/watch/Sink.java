package io.kubekv.transport.watch;

/** Where the events of one watch go. Called by one thread at a time; must not block. */
public interface Sink {
  /** Takes the next event; false when it was the last one wanted, or nobody is there any more. */
  boolean deliver(Occurrence occurrence);

  /** The watch is over and events may have been missed: the client must read again. */
  void lost();
}
