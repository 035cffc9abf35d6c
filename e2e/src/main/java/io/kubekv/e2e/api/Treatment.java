package io.kubekv.e2e.api;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What becomes of one request to the API server. */
public sealed interface Treatment {
  /** It gets there, and its answer back. */
  record Pass() implements Treatment {}

  /** It gets there late. */
  record Delay(long millis) implements Treatment {}

  /** It does not get there; the connection is cut. */
  record Cut() implements Treatment {}

  /** It does not get there, and nothing comes back, until the latch opens. */
  record Silence(CountDownLatch until) implements Treatment {}

  /** It does not get there; this is answered instead. */
  record Answer(int status, Map<String, String> headers, String body) implements Treatment {}

  /** It gets there; its answer does not come back. */
  record Swallow() implements Treatment {}

  /** It gets there; this comes back in place of its answer. */
  record Misreport(Answer as) implements Treatment {}

  /** It gets there; its answer comes back late. A watch begins late. */
  record DelayAnswer(long millis) implements Treatment {}

  /** It gets there when the latch opens, whether or not somebody still waits for the answer. */
  record Hold(CountDownLatch until) implements Treatment {}

  Treatment PASS = new Pass();

  /** 429 as the API's priority and fairness says it, with the seconds to stay away. */
  static Answer throttled(int seconds) {
    return failing(
        429,
        "TooManyRequests",
        ",\"details\":{\"retryAfterSeconds\":%d}".formatted(seconds),
        Map.of("Retry-After", Integer.toString(seconds)));
  }

  /** An error of the API server's own. */
  static Answer failing(int status, String reason) {
    return failing(status, reason, "", Map.of());
  }

  private static Answer failing(
      int status, String reason, String details, Map<String, String> headers) {
    String body =
        ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"an injected fault\",\"reason\":\"%s\"%s,\"code\":%d}")
            .formatted(reason, details, status);
    return new Answer(status, headers, body);
  }
}
