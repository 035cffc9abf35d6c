package io.kubekv.embedded;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One request and the way its answer takes: {@link HttpExchange} over a socket, {@link
 * LoopbackExchange} within the process. What comes after the answer, or after the client has gone,
 * is dropped.
 */
interface Exchange {
  String method();

  /** The path as sent, without the query. */
  String path();

  /** What follows the first question mark, as sent; empty when nothing does. */
  String query();

  /** The first header of this name, whatever its case; null when there is none. */
  @Nullable String header(String name);

  /** The first query parameter of this name, decoded; null when there is none. */
  @Nullable String parameter(String name);

  /** Adds a header to the answer that is to come. */
  void addHeader(String name, String value);

  /** Answers; an answer whose beginning is out already is cut instead. */
  void answer(int status, String contentType, byte[] body);

  /** Begins an answer of events that come when they come, in the form that the client asks for. */
  void stream(Opened opened);

  /** Is given a stream, soon, in its home. */
  interface Opened {
    /**
     * The stream is open.
     *
     * @param home where the sink is used and tells what happens to it: one thing at a time
     */
    void opened(WatchSink sink, Executor home);
  }

  /** Closes the connection without another byte. */
  void cut();
}
