package io.kubekv.benchmarks;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.process.ServerGauges;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How long it takes until a change is shown as an object of the API, while 50 keys a second change:
 * from the answer to the PUT until the view's revision ({@code kubekv_view_revision}) has reached
 * that of the PUT. One thread does both, so a figure is too long by one look at the metrics at
 * most.
 */
final class ViewLag {
  private static final Duration BETWEEN = Duration.ofMillis(20);

  /** A look takes as long as a change: after so many of these. */
  private static final int LOOK_AFTER = 5;

  /**
   * What was measured.
   *
   * @param longest how long the change waited that waited longest
   * @param perSecond how many changes there were
   */
  record Figures(Duration longest, double perSecond) {}

  private record Waits(long revision, long since) {}

  private final StoreProcess store;
  private final ServerGauges gauges;
  private final Queue<Waits> waiting = new ArrayDeque<>();
  private long longest;

  private ViewLag(StoreProcess store) {
    this.store = store;
    this.gauges = new ServerGauges(store);
  }

  /** Of all changes within a time. Blocks for that time and until the last is shown. */
  static Figures of(StoreProcess store, Duration time) throws IOException {
    ViewLag lag = new ViewLag(store);
    lag.caughtUp();
    int changes = lag.change(time);
    lag.caughtUp();
    Figures figures = new Figures(Duration.ofNanos(lag.longest), changes / (time.toNanos() / 1e9));
    Check.say(
        "view: %d changes, %.0f/s, the last to be shown was %.2f s behind",
        changes, figures.perSecond(), figures.longest().toNanos() / 1e9);
    return figures;
  }

  private int change(Duration time) throws IOException {
    longest = 0;
    long begun = System.nanoTime();
    int changes = 0;
    try (HttpConnection connection = HttpConnection.open(store.address())) {
      while (System.nanoTime() - begun < time.toNanos()) {
        HttpAnswer answer = connection.exchange(Keys.put(store.address(), changes % 1000));
        String revision = answer.header("X-Etcd-Index").orElseThrow();
        waiting.add(new Waits(Long.parseLong(revision), System.nanoTime()));
        changes++;
        if (changes % LOOK_AFTER == 0) {
          look();
        }
        Duration next = BETWEEN.multipliedBy(changes).minusNanos(System.nanoTime() - begun);
        if (next.isPositive()) {
          Waiting.pause(next);
        }
      }
    }
    return changes;
  }

  /** All is shown that was changed. */
  private void caughtUp() throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    do {
      look();
      if (System.nanoTime() > deadline) {
        throw new IOException("the view does not show what was changed a minute ago");
      }
      Waiting.pause(BETWEEN);
    } while (!waiting.isEmpty() || gauges.value("kubekv_view_lag_seconds") > 0);
  }

  private void look() throws IOException {
    double shown = gauges.value("kubekv_view_revision");
    while (!waiting.isEmpty() && waiting.element().revision() <= shown) {
      longest = Math.max(longest, System.nanoTime() - waiting.remove().since());
    }
  }
}
