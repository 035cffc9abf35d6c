package io.kubekv.transport.requests;

import io.kubekv.transport.requests.RequestMeters.Outcome;
import org.jspecify.annotations.Nullable;

/** Follows requests as spans of traces. Thread-safe; must neither block nor throw. */
public interface Tracer extends AutoCloseable {
  /** Follows nothing, and costs nothing. */
  Tracer NONE =
      new Tracer() {
        @Override
        public Span begin(String door, String verb, String target, @Nullable String parent) {
          return Span.NONE;
        }

        @Override
        public void close() {}
      };

  /**
   * A request has come.
   *
   * @param target what it names, keys among it; shown only where that was asked for
   * @param parent W3C's {@code traceparent} as the client sent it, if it did
   */
  Span begin(String door, String verb, String target, @Nullable String parent);

  /** Sends what has not been sent. Blocks for a few seconds at most. */
  @Override
  void close();

  /** One request. */
  interface Span {
    Span NONE =
        new Span() {
          @Override
          public @Nullable String parent() {
            return null;
          }

          @Override
          public void end(String verb, Outcome outcome) {}
        };

    /** The {@code traceparent} for what is asked of others on its behalf; null for none. */
    @Nullable String parent();

    /** It is answered; only the first time counts. */
    void end(String verb, Outcome outcome);
  }
}
