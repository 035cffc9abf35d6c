package io.kubekv.e2e.faults.nemesis;

import java.util.concurrent.CountDownLatch;

/** What becomes of one request to the API server. */
sealed interface Treatment {
  /** It gets there, and its answer back. */
  record Pass() implements Treatment {}

  /** It gets there late. */
  record Delay(long millis) implements Treatment {}

  /** It does not get there; the connection is cut. */
  record Cut() implements Treatment {}

  /** It does not get there, and nothing comes back, until the latch opens. */
  record Silence(CountDownLatch until) implements Treatment {}

  /** It does not get there; this is answered instead. */
  record Answer(int status, int retryAfterSeconds) implements Treatment {}

  /** It gets there; its answer does not come back. */
  record Swallow() implements Treatment {}

  /** It gets there when the latch opens, whether or not somebody still waits for the answer. */
  record Hold(CountDownLatch until) implements Treatment {}

  Treatment PASS = new Pass();
}
