package io.kubekv.transport.http;

/** What somebody puts around one request. Called by whichever thread works on it. */
public interface Surroundings {
  /** A task of the request, with what is to be before and after it. */
  Runnable around(Runnable task);

  /** The head of the answer is about to be sent. Must not block. */
  void answered(int status);
}
