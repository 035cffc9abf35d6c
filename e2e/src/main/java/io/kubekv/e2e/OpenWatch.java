package io.kubekv.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A watch that is waiting for its event on a connection of its own, read by a virtual thread. */
final class OpenWatch {
  /** An answer and when it was there, by {@link System#nanoTime}. */
  record Event(HttpAnswer answer, long at) {}

  private final Exchange recorded;
  private final long sent;
  private final CompletableFuture<Event> event = new CompletableFuture<>();

  private OpenWatch(Exchange recorded, long sent) {
    this.recorded = recorded;
    this.sent = sent;
  }

  /** Takes over the connection, whose answer's head has been read, until the event is there. */
  static OpenWatch on(HttpConnection connection, HttpAnswer head, Exchange recorded, long sent) {
    OpenWatch watch = new OpenWatch(recorded, sent);
    Thread.ofVirtual()
        .name("watch " + recorded.number())
        .start(
            () -> {
              try {
                HttpAnswer answer = connection.readBody(head);
                watch.event.complete(new Event(answer, System.nanoTime()));
              } catch (IOException e) {
                watch.event.completeExceptionally(e);
              }
            });
    return watch;
  }

  Exchange recorded() {
    return recorded;
  }

  /** When the watch was sent, by {@link System#nanoTime}. */
  long sent() {
    return sent;
  }

  boolean isAnswered() {
    return event.isDone() && !event.isCompletedExceptionally();
  }

  /** Blocks until the event is there. */
  Event await(Duration within) throws IOException {
    try {
      return event.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no event within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException("the watch broke off: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an event", e);
    }
  }
}
