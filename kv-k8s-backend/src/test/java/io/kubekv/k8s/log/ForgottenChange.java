package io.kubekv.k8s.log;

import io.kubekv.embedded.Faults;
import io.kubekv.embedded.Faults.Call;
import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The API server forgets one entry of a log before its watch has shown it: the watch is closed, the
 * entry is held back until the log is listed and watched again, and that watch until the entry has
 * been performed and forgotten. So it gets 410, and only one more list shows the entry. Then the
 * next one comes.
 */
final class ForgottenChange {
  /** Well after the entry is performed; were it not, the watch would go on as if nothing were. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  /** How long the entry waits for a watch that does not come, for the store is closed. */
  private static final long LONGEST_MILLIS = 2_000;

  private final Faults server;
  private final int every;
  private final Runnable seen;
  private final CompletableFuture<Void> watched = new CompletableFuture<>();
  private final CompletableFuture<Void> forgotten = new CompletableFuture<>();
  private int entries;

  /** Of the server's one event loop, as all predicates. */
  private enum Stage {
    WAITING,
    ENTRY_HELD,
    WATCH_HELD,
    OVER
  }

  private Stage stage = Stage.WAITING;

  /**
   * @param every strikes the n-th entry from now
   * @param seed how many of them are over already, modulo that
   * @param seen is told when the log is listed after the watch that got 410
   */
  ForgottenChange(Faults server, int every, int seed, Runnable seen) {
    this.server = server;
    this.every = every;
    this.seen = seen;
    this.entries = Math.floorMod(seed, every);
  }

  void begin() {
    server.inject(1, this::isTheEntry, new Fault.HoldRequest(watched));
    server.inject(1, this::isTheWatch, new Fault.HoldRequest(forgotten));
    server.inject(1, this::isListedAgain, new Fault.LateAnswer(Duration.ZERO));
  }

  private boolean isTheEntry(Call call) {
    if (stage != Stage.WAITING || !LogOnServer.isEntry(call) || ++entries < every) {
      return false;
    }
    stage = Stage.ENTRY_HELD;
    var unused = watched.completeOnTimeout(null, LONGEST_MILLIS, TimeUnit.MILLISECONDS);
    server.closeWatches();
    return true;
  }

  private boolean isTheWatch(Call call) {
    if (stage != Stage.ENTRY_HELD || !call.watch()) {
      return false;
    }
    stage = Stage.WATCH_HELD;
    watched.complete(null);
    LATER.execute(
        () -> {
          server.compactNow();
          forgotten.complete(null);
        });
    return true;
  }

  private boolean isListedAgain(Call call) {
    if (stage != Stage.WATCH_HELD || !forgotten.isDone() || !RecurringFaults.isList(call)) {
      return false;
    }
    stage = Stage.OVER;
    seen.run();
    new ForgottenChange(server, every, 0, seen).begin();
    return true;
  }
}
