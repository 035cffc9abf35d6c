package io.kubekv.engine;

import io.kubekv.LimitExceededException;
import io.kubekv.OverloadedException;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Decision;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where the holder decides: one request after the other, each on what those before it have left,
 * and among them what ends because its time has come. Everything happens in turns.
 */
final class Desk {
  private static final System.Logger LOGGER = System.getLogger(Desk.class.getName());

  /** Who would have to wait for longer than such a part of his patience is refused. */
  private static final int PATIENCE_PARTS = 5;

  private final EngineSettings settings;
  private final LongSupplier maxChangeBytes;
  private final Decider decider;
  private final Tail tail;
  private final Consumer<Held.Change<?>> known;
  private final Timers timers = new Timers();
  private final StoreClock clock = new StoreClock();
  private final ByteGovernor governor;

  /** How long a change may wait until the log may be written again. */
  private final Duration mostWait;

  private long armedFor = Long.MAX_VALUE;
  private volatile Consumer<Duration> expired = late -> {};

  /**
   * @param maxChangeBytes how large a change may be now
   * @param written how many bytes this replica has written to the log
   * @param tail where decisions go that change something, and what others wait for
   * @param known is told of those that neither change nor wait for anything
   */
  Desk(
      EngineSettings settings,
      LongSupplier maxChangeBytes,
      LongSupplier written,
      Tail tail,
      Consumer<Held.Change<?>> known) {
    this.settings = settings;
    this.maxChangeBytes = maxChangeBytes;
    this.decider = new Decider(settings.limits());
    this.tail = tail;
    this.known = known;
    this.governor = new ByteGovernor(settings.logRate(), settings.ticker(), written);
    this.mostWait = settings.patience().dividedBy(PATIENCE_PARTS);
  }

  private long now() {
    return settings.ticker().getAsLong();
  }

  /** Decides a request, after all that is due. */
  void decide(Held.Change<?> change) {
    decideWhatIsDue();
    decideNow(change);
  }

  /** Ends what is to end by now, and records the time. */
  void decideWhatIsDue() {
    long now = now();
    for (OptionalLong at = timers.next();
        at.isPresent() && at.getAsLong() <= now;
        at = timers.next()) {
      end(timers.due(now).orElseThrow(), at.getAsLong());
    }
    clock
        .due(timers, tail.prepared(), now)
        .ifPresent(due -> decideNow(new Held.Change<>(due, Held.Change.NEVER)));
  }

  private void end(Request<?> due, long at) {
    Held.Change<?> change = new Held.Change<>(due, Held.Change.NEVER);
    if (due instanceof Request.ExpireEntry) {
      var unused = change.future().thenRun(() -> ended(change, at));
    }
    decideNow(change);
  }

  private void ended(Held.Change<?> change, long at) {
    if (change.changes()) {
      expired.accept(Duration.ofNanos(now() - at));
    }
  }

  /** Who hears how late the end of each entry was applied after its time; must not wait. */
  void onExpiry(Consumer<Duration> listener) {
    expired = listener;
  }

  private void decideNow(Held.Change<?> change) {
    Optional<OverloadedException> overload = change.isOfTheHolder() ? Optional.empty() : overload();
    if (overload.isPresent()) {
      change.refuse(overload.get());
      return;
    }
    Decision<?> decision = change.decide(decider, tail.prepared(), moment());
    renew(change);
    long most = maxChangeBytes.getAsLong();
    long bytes = decision.bytes();
    if (bytes > most) {
      refuseAsTooLarge(change, bytes, most);
    } else if (change.changes()) {
      tail.add(change, decision, bytes);
    } else if (!tail.await(change)) {
      known.accept(change);
    }
  }

  private Optional<OverloadedException> overload() {
    return tail.bytes() > settings.maxQueueBytes()
        ? Optional.of(new OverloadedException("too much waits for the log", settings.pause()))
        : governor
            .pause(tail.bytes())
            .filter(pause -> pause.compareTo(mostWait) > 0)
            .map(pause -> new OverloadedException("too much is written to the log", pause));
  }

  /** How long no entry may be sent, so that the log is not written faster than it can bear. */
  Optional<Duration> pause() {
    return governor.pause();
  }

  private Moment moment() {
    return new Moment(settings.wall().instant(), delay -> timers.left(delay, now()));
  }

  private void refuseAsTooLarge(Held.Change<?> change, long bytes, long most) {
    if (change.isOfTheHolder()) {
      String text = "the end of something by its time takes {0} bytes, a change no more than {1}";
      LOGGER.log(System.Logger.Level.ERROR, text, bytes, most);
    }
    change.refuse(new LimitExceededException("change size", "bytes", bytes, most));
  }

  /** Starts the time of a session that a request renews; when it is decided and when answered. */
  void renew(Held.Change<?> change) {
    change.renewed().ifPresent(session -> timers.renew(session, now()));
  }

  /** What the first entry of a holder says: nothing, but for the name of a new store. */
  Tail.Batch barrier(State applied, long name) {
    return tail.barrier(decider.decide(new Request.Found(name), applied, moment()));
  }

  /** The times of a new holder begin. */
  void restart(State applied) {
    timers.restart(applied, now());
    clock.restart(applied, now());
  }

  /** The times begin of what has come back. */
  void note(List<Commit> commits) {
    for (Commit commit : commits) {
      timers.note(commit, now());
      clock.saw(commit.revision());
    }
  }

  /** Has a task run when the next time is up; nothing when one is to run before already. */
  void arm(Alarm alarm, Runnable timeIsUp) {
    long next =
        Math.min(timers.next().orElse(Long.MAX_VALUE), clock.next(timers).orElse(Long.MAX_VALUE));
    if (next < armedFor) {
      armedFor = next;
      alarm.after(Duration.ofNanos(armedFor - now()), timeIsUp);
    }
  }

  /** The task of {@link #arm} runs. */
  void disarm() {
    armedFor = Long.MAX_VALUE;
  }
}
