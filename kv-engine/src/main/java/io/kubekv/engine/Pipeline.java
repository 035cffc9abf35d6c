package io.kubekv.engine;

import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.engine.history.HistoryAge;
import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The way of a request: decided on what was decided before it ({@link Desk}), written in one entry
 * of the log with all that wait ({@link Committer}), and answered when the entry has come back and
 * the term is still valid ({@link Holding}). One entry is on its way at a time.
 *
 * <p>All of it happens in turns ({@link Turns}), and nothing in it waits. Thread-safe.
 */
final class Pipeline {
  private static final System.Logger LOGGER = System.getLogger(Pipeline.class.getName());

  /** How often it is looked who has waited long enough, while somebody waits that long. */
  private static final int SWEEPS = 8;

  /**
   * What tests replace.
   *
   * @param random gives nonces and the name of a new store
   * @param announcements how replicas hear of what the holder has applied
   */
  record Surroundings(
      Alarm alarm, RandomGenerator random, SafetyRules rules, Announcements announcements) {
    Surroundings(Alarm alarm, RandomGenerator random, SafetyRules rules) {
      this(alarm, random, rules, Announcements.NONE);
    }
  }

  private final EngineSettings settings;
  private final Alarm alarm;
  private final Turns turns;
  private final Replica replica;
  private final Lease lease;
  private final Holding holding;
  private final Committer committer;

  Pipeline(Log log, Lease lease, EngineSettings settings, Surroundings around) {
    this.settings = settings;
    this.alarm = around.alarm();
    this.lease = lease;
    this.turns = new Turns(alarm, this::unexpected);
    Tail tail =
        new Tail(Math.min(settings.batchBytes(), log.maxEntryBytes() - Courier.ENTRY_BYTES));
    this.replica = new Replica(settings.historyBytes(), around.rules());
    Committer.Sender sender = new Committer.Sender(turns, settings.pause(), around);
    Snapshots snapshots = new Snapshots(log, replica, settings.snapshotBytes(), sender);
    this.holding =
        new Holding(
            settings,
            () -> Parts.mostBytes(log),
            log::written,
            tail,
            replica,
            snapshots,
            sender,
            new Repair(log, replica, sender));
    this.committer = new Committer(log, replica, tail, sender, snapshots, holding, this::stop);
    holding.writesTo(committer);
    around.announcements().listen(word -> turns.run(() -> replica.announced(word)));
  }

  /** Begins to follow the log, and takes it over whenever the lease is had. */
  void start() {
    boolean isShorter = settings.holding().compareTo(settings.patience()) < 0;
    Duration shorter =
        isShorter && !settings.holding().isZero() ? settings.holding() : settings.patience();
    HistoryAge age = new HistoryAge(replica.history(), settings.historyAge(), settings.ticker());
    Runnable sweep =
        () -> {
          holding.sweep();
          age.look();
        };
    alarm.every(shorter.dividedBy(SWEEPS).plusMillis(1), () -> turns.run(sweep));
    turns.run(committer::open);
    turns.run(this::compete);
  }

  /** Not for what has stopped already because it cannot read the log. */
  private void compete() {
    if (phase() instanceof Phase.Stopped) {
      return;
    }
    lease.compete(
        new Lease.Listener() {
          @Override
          public void taken(Lease.Term taken) {
            turns.run(() -> holding.termTaken(taken));
          }

          @Override
          public void lost(String reason) {
            turns.run(() -> holding.termLost(reason));
          }
        });
  }

  Phase phase() {
    return holding.tenure().phase();
  }

  /** As {@link Desk#onExpiry}. */
  void onExpiry(Consumer<Duration> listener) {
    holding.onExpiry(listener);
  }

  /** How far this replica has the log. */
  Tenure tenure() {
    return holding.tenure();
  }

  Replica replica() {
    return replica;
  }

  /** Adds to the history what another replica remembers of the time before it. */
  void backfill(Revision since, Revision first, List<WatchEvent> earlier) {
    turns.run(() -> replica.history().backfill(since, first, earlier));
  }

  /** Decides a request, and answers when what it changes is in the log. */
  <T> CompletableFuture<T> change(Request<T> request) {
    Held.Change<T> change = new Held.Change<>(request, deadline());
    turns.run(() -> holding.admit(change));
    return change.future();
  }

  /** Answers a question from the latest state, as soon as that is known here. */
  <T> CompletableFuture<T> read(Function<State, T> question) {
    Held.Question<T> call = new Held.Question<>(question, new CompletableFuture<>(), deadline());
    latest().ifPresentOrElse(call::answer, () -> turns.run(() -> holding.admit(call)));
    return call.future();
  }

  /** The latest state; empty when it is not known here without waiting. */
  Optional<State> latest() {
    return holding.latest();
  }

  private long deadline() {
    return System.nanoTime() + settings.patience().toNanos();
  }

  /** Stops for good: whoever waits is refused, or told that his change may yet be seen. */
  void stop(String reason) {
    holding.stop(reason);
    turns.run(() -> stopped(reason));
  }

  private void stopped(String reason) {
    committer.stop();
    lease.close();
    alarm.stop();
    holding.refuseAll(new UnavailableException(reason));
    replica.close(reason);
  }

  private void unexpected(Throwable failure) {
    LOGGER.log(System.Logger.Level.ERROR, "the engine stops", failure);
    stop("an unexpected error has stopped the store, see the server's log; restart it");
  }
}
