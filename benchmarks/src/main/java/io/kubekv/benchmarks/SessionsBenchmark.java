package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * {@code benchmarks/run sessions}: 10,000 sessions that are renewed, before and after the server is
 * killed and started again: what they write and what they cost.
 */
final class SessionsBenchmark {
  private static final double CORES_BAR = 0.5;

  /** How often the store's lease is renewed, which is a write too: a third of its 6 seconds. */
  private static final Duration LEASE_RENEWED = Duration.ofSeconds(2);

  /** More than a start writes besides: its lease, its marker, a renewal out of turn. */
  private static final int LEASE_TAKEN = 10;

  private final StoreProcess store;
  private final RenewedSessions sessions;
  private final int count;

  private SessionsBenchmark(StoreProcess store, RenewedSessions sessions, int count) {
    this.store = store;
    this.sessions = sessions;
    this.count = count;
  }

  public static void main(String[] arguments) {
    Check.run("sessions", arguments, SessionsBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int count = arguments.count("--sessions", quick ? 1000 : 10_000);
    arguments.end();
    try (StoreProcess store = StoreProcess.kubekv();
        RenewedSessions sessions = new RenewedSessions(store)) {
      return new SessionsBenchmark(store, sessions, count)
          .measure(Duration.ofSeconds(quick ? 10 : 40));
    }
  }

  /**
   * What a time of renewals showed.
   *
   * @param written how many sessions were written at least once
   * @param other changes of the API's state besides: the lease's, and any second one of a session
   * @param lease how many of the others the lease's renewals can have been at most
   */
  private record Phase(long written, long other, long lease) {
    boolean isClean() {
      return other <= lease;
    }
  }

  private Check.Verdict measure(Duration time) throws IOException {
    sessions.begin(count);
    sessions.renew(RenewedSessions.EVERY); // compiled and connected: not counted
    double before = ProcessorTime.seconds(store);
    long begun = System.nanoTime();
    Phase steady = phase("renewed", () -> sessions.renew(time));
    double cores = (ProcessorTime.seconds(store) - before) / ((System.nanoTime() - begun) / 1e9);
    Check.say("%.2f cores busy", cores);
    Phase takeOver = phase("killed, started again and renewed", this::restart);
    String figure =
        String.format(
            Locale.ROOT,
            "%d sessions, %d writes for renewals, %.2f cores, %d writes after a restart",
            count,
            steady.written(),
            cores,
            takeOver.written());
    return new Check.Verdict(
        figure,
        "0 writes, <= 0.5 cores, one write a session",
        steady.written() == 0
            && steady.isClean()
            && cores <= CORES_BAR
            && takeOver.written() == count
            && takeOver.isClean());
  }

  private long restart() throws IOException {
    store.kill();
    store.startAgain();
    sessions.reconnect();
    return sessions.renew(RenewedSessions.EVERY.multipliedBy(2));
  }

  /** Something that renews; how often it did. */
  @FunctionalInterface
  private interface Renewing {
    long run() throws IOException;
  }

  private Phase phase(String what, Renewing renewing) throws IOException {
    Map<String, Long> before = sessions.revisions();
    long state = GrpcKeys.putOnce(store);
    long begun = System.nanoTime();
    long renewals = renewing.run();
    long changes = GrpcKeys.putOnce(store) - state - 1;
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    Map<String, Long> after = sessions.revisions();
    if (before.size() != count || !after.keySet().equals(before.keySet())) {
      throw new IOException(
          before.size() + " and then " + after.size() + " sessions lived, expected " + count);
    }
    long written =
        after.entrySet().stream()
            .filter(session -> !session.getValue().equals(before.get(session.getKey())))
            .count();
    long lease = took.dividedBy(LEASE_RENEWED) + LEASE_TAKEN;
    Check.say(
        "%d sessions %s: %d renewals in %.0f s; %d sessions written; %d other changes of the API's"
            + " state, of which the lease's at most %d",
        count, what, renewals, took.toNanos() / 1e9, written, changes - written, lease);
    return new Phase(written, changes - written, lease);
  }
}
