package io.kubekv.k8s;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A write that no thread waits for. Who brings its event completes it; whatever else the watch or
 * the API say of it, and a longer silence, is left to a thread that begins then.
 */
final class BegunWrite {
  private final WriteAttempt attempt;
  private final Runnable over;
  private final CompletableFuture<Committer.Outcome> outcome = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final long begun = System.nanoTime();

  /**
   * @param over called once when it has settled
   */
  BegunWrite(WriteAttempt attempt, Runnable over) {
    this.attempt = attempt;
    this.over = over;
    attempt.settlement().listen(this::news);
  }

  /** False when it cannot be sent at once, or would be refused: then it was not sent. */
  boolean send() {
    return !attempt.isOvertakenAlready() && attempt.sendAtOnce();
  }

  CompletableFuture<Committer.Outcome> outcome() {
    return outcome;
  }

  /** The watch or the API has said something of it, or it is time to look how long it takes. */
  private void news() {
    if (attempt.settlement().shown() == Settlement.Shown.APPLIED) {
      if (taken.compareAndSet(false, true)) {
        complete(attempt.settlement().committed());
      }
    } else if (needsThread() && taken.compareAndSet(false, true)) {
      Threads.start("write", this::await);
    }
  }

  private boolean needsThread() {
    return attempt.settlement().isTroubled()
        || System.nanoTime() - begun > Unsettled.TICK.toNanos();
  }

  private void complete(Committer.Outcome settled) {
    over.run();
    outcome.complete(settled);
  }

  private void await() {
    attempt.settlement().attend();
    try {
      complete(attempt.awaitOutcome());
    } catch (RuntimeException failed) {
      fail(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      fail(attempt.interrupted());
    }
  }

  private void fail(RuntimeException failed) {
    over.run();
    outcome.completeExceptionally(failed);
  }
}
