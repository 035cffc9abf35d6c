package io.kubekv.e2e.expiry;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ReplicaSet;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code e2e/run expiry}: a key keeps what is left of its time to live when the process ends that
 * was to end it. It is never gone early, and late by at most a quarter of its time or five seconds
 * for each take-over in between.
 */
final class ExpiryCheck {
  /** Nobody waits for longer; a start on a busy machine may take long, and is no lateness. */
  private static final Duration AT_LAST = Duration.ofSeconds(90);

  private static final int REPLICAS = 3;
  private static final int LEASE_SECONDS = 2;

  /**
   * When a key must end.
   *
   * @param ttl its time to live in seconds, before which it is never gone
   * @param latest from when on it is never seen, in seconds
   */
  private record Bar(String name, int ttl, int latest) {}

  private static final Bar RESTART =
      new Bar("one process, killed at 9 s and started again at once", 12, 18);
  private static final Bar REPLICATED =
      new Bar("three replicas, the holder killed every 8 s", 20, 40);

  /** A start that the bars count on; while a store starts longer, nothing in it can end. */
  private static final Duration START = Duration.ofSeconds(3);

  /**
   * A key that has ended.
   *
   * @param down how long nobody held the store because it had to start
   */
  private record Outcome(ShortLived key, Duration down) {
    Duration lateStart() {
      return down.compareTo(START) > 0 ? down.minus(START) : Duration.ZERO;
    }
  }

  private ExpiryCheck() {}

  public static void main(String[] arguments) {
    Check.run("expiry", arguments, ExpiryCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    int rounds = arguments.count("--rounds", arguments.flag("--quick") ? 1 : 5);
    arguments.end();
    boolean holds = true;
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < rounds; round++) {
        Future<Outcome> restarted = both.submit(ExpiryCheck::restarted);
        Future<Outcome> replicated = both.submit(ExpiryCheck::replicated);
        holds &= judge(RESTART, outcome(restarted));
        holds &= judge(REPLICATED, outcome(replicated));
      }
    }
    String bars =
        "never before %d s and %d s, gone by %d s and %d s"
            .formatted(RESTART.ttl, REPLICATED.ttl, RESTART.latest, REPLICATED.latest);
    return new Check.Verdict("%d keys".formatted(2 * rounds), bars, holds);
  }

  private static Outcome outcome(Future<Outcome> key) throws IOException {
    try {
      return key.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException why ? why : new IOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private static Outcome restarted() throws IOException {
    try (StoreProcess store = StoreProcess.embedded();
        ShortLived key = ShortLived.make("/short", RESTART.ttl, List.of(store))) {
      key.await(Duration.ofSeconds(9));
      store.kill();
      Duration down = store.startAgain();
      key.await(AT_LAST);
      return new Outcome(key, down);
    }
  }

  private static Outcome replicated() throws IOException {
    try (ReplicaSet set = ReplicaSet.start(REPLICAS, LEASE_SECONDS);
        ShortLived key = ShortLived.make("/short", REPLICATED.ttl, set.replicas())) {
      for (int at = 8; at < REPLICATED.latest; at += 8) {
        key.await(Duration.ofSeconds(at));
        Optional<StoreProcess> holder = set.holder(set.replicas());
        if (!key.isGone() && holder.isPresent()) {
          holder.get().kill();
          holder.get().startAgain();
        }
      }
      key.await(AT_LAST);
      return new Outcome(key, Duration.ZERO);
    }
  }

  /** Whoever sees it late proves that it was late; who sees late that it is gone does not. */
  private static boolean judge(Bar bar, Outcome outcome) {
    ShortLived key = outcome.key;
    if (!key.isGone()) {
      Check.say("%s: ttl=%d, not gone at %.1f s", bar.name, bar.ttl, seconds(AT_LAST));
      return false;
    }
    Duration latest = Duration.ofSeconds(bar.latest).plus(outcome.lateStart());
    boolean holds =
        key.gone().compareTo(Duration.ofSeconds(bar.ttl)) >= 0
            && key.there().compareTo(latest) <= 0;
    Check.say(
        "%s: ttl=%d, last seen at %.1f s, gone at %.1f s%s",
        bar.name,
        bar.ttl,
        seconds(key.there()),
        seconds(key.gone()),
        holds ? "" : ": not from %d to %.1f s".formatted(bar.ttl, seconds(latest)));
    return holds;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }
}
