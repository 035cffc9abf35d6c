package io.kubekv.e2e.api;

import java.io.IOException;
import java.util.Map;

/** What the proxy does to calls, by the will of a check. Must be thread-safe. */
@FunctionalInterface
public interface Interference {
  Interference NONE = call -> Fate.PASS;

  /** What becomes of a call. May block, to hold the call back. */
  Fate of(ApiCall call) throws IOException;

  /** The fate of one call. */
  sealed interface Fate {
    Fate PASS = new Pass();

    /** It reaches the server, and the answer its sender. */
    record Pass() implements Fate {}

    /** The connection is cut before the call reaches the server. */
    record CutBefore() implements Fate {}

    /** The call reaches the server, and the connection is cut instead of the answer. */
    record CutAfter() implements Fate {}

    /** The proxy answers, and the server never hears of it. */
    record Answered(int status, Map<String, String> headers, String body) implements Fate {}
  }

  /** 429 as the API's priority and fairness says it, with the seconds to stay away. */
  static Fate throttled(int seconds) {
    String body =
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
        "message":"too many requests","reason":"TooManyRequests",\
        "details":{"retryAfterSeconds":%d},"code":429}
        """
            .formatted(seconds);
    return new Fate.Answered(
        429,
        Map.of("Retry-After", String.valueOf(seconds), "Content-Type", "application/json"),
        body);
  }
}
