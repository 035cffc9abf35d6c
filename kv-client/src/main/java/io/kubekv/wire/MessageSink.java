package io.kubekv.wire;

/**
 * Takes the messages of an answer, one by one, as each is made.
 *
 * @param <T> the messages
 * @param <E> what sending may throw
 */
public interface MessageSink<T, E extends Exception> {
  /** Takes the next message, and may wait until there is room for it; false: no more are wanted. */
  boolean send(T message) throws E;
}
