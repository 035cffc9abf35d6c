package io.kubekv.engine;

import io.kubekv.UnavailableException;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whether this replica holds the log, and what that means for those who call: they are decided, or
 * held until it does. Whoever loses the tail of the log forgets what was decided, and decides it
 * again once the log is his again. But for {@link #latest}, in turns.
 */
final class Holding implements Committer.Owner {
  private final Tail tail;
  private final Replica replica;
  private final Snapshots snapshots;
  private final Committer.Sender sender;
  private final Desk desk;
  private final Calls calls;
  private final Repair repair;
  private Optional<Committer> committer = Optional.empty();
  private final Tenure tenure = new Tenure();
  private boolean pausing;

  Holding(
      EngineSettings settings,
      LongSupplier maxChangeBytes,
      LongSupplier written,
      Tail tail,
      Replica replica,
      Snapshots snapshots,
      Committer.Sender sender,
      Repair repair) {
    this.tail = tail;
    this.replica = replica;
    this.snapshots = snapshots;
    this.sender = sender;
    this.repair = repair;
    this.desk = new Desk(settings, maxChangeBytes, written, tail, this::answer);
    this.calls =
        new Calls(settings.holding(), settings.maxQueueBytes(), settings.pause(), tenure::reason);
  }

  /** Where entries go; said once, before anything happens. */
  void writesTo(Committer newCommitter) {
    committer = Optional.of(newCommitter);
  }

  /** As {@link Desk#onExpiry}. */
  void onExpiry(Consumer<Duration> listener) {
    desk.onExpiry(listener);
  }

  /** How far this replica has the log. */
  Tenure tenure() {
    return tenure;
  }

  /** The latest state; empty when it is not known here without waiting. From any thread. */
  Optional<State> latest() {
    Phase before = tenure.phase();
    State state = sender.rules().readable(replica.state(), tail.prepared());
    return before instanceof Phase.Serving serving && serving.term().isValid()
        ? Optional.of(state)
        : Optional.empty();
  }

  void admit(Held call) {
    switch (tenure.phase()) {
      case Phase.Stopped stopped -> call.refuse(new UnavailableException(stopped.reason()));
      case Phase.Serving serving -> {
        switch (call) {
          case Held.Question<?> question ->
              latest().ifPresentOrElse(question::answer, () -> calls.hold(question));
          case Held.Change<?> change -> {
            desk.decide(change);
            advance();
          }
        }
      }
      case Phase.Opening opening -> calls.hold(call);
      case Phase.Following following -> calls.hold(call);
      case Phase.TakingOver taking -> calls.hold(call);
    }
  }

  /** What was read or refused is true while the term is; what is in the log is true anyway. */
  private void answer(Held.Change<?> change) {
    if (tenure.isValid() || change.changes()) {
      desk.renew(change);
      change.answer();
    } else if (!change.isOfTheHolder()) {
      calls.hold(change);
    }
  }

  /**
   * Sends the next entry, if there is one, none is on its way, and the lease is had. The first one
   * of an epoch says nothing: when it is back, everything before it is known here.
   */
  private void advance() {
    if (tail.flight().isPresent() || !tenure.hasTerm()) {
      return;
    }
    if (tenure.serves()) {
      sendNext();
    } else if (tenure.mayBegin()) {
      tenure.begin(replica.root());
      send(desk.barrier(replica.state(), sender.random().nextLong() | 1));
    }
  }

  /**
   * Sends what waits, later when the log is to be spared: more goes into one entry then. What ends
   * by its time does not wait for that, and takes along what was decided before it; what the clock
   * shows waits, for it is recorded as long as any time runs.
   */
  private void sendNext() {
    if (tail.hasOfTheHolder()) {
      tail.next().ifPresent(this::send);
    } else if (!pausing && tail.isWaiting()) {
      desk.pause().ifPresentOrElse(this::pause, () -> tail.next().ifPresent(this::send));
    }
  }

  private void pause(Duration pause) {
    pausing = true;
    sender.later(pause, this::pauseIsOver);
  }

  private void pauseIsOver() {
    pausing = false;
    advance();
  }

  private void send(Tail.Batch batch) {
    committer.orElseThrow().send(batch, tenure.epoch());
  }

  void termTaken(Lease.Term taken) {
    if (tenure.serves()) {
      termLost("another term has begun");
    }
    tenure.take(taken);
    advance();
  }

  /** What was not sent is decided again by whoever is next; what was sent is settled by the log. */
  void termLost(String reason) {
    if (tenure.lose(reason)) {
      calls.holdAgain(tail.dropWaiting(replica.state()));
    }
  }

  private void serve() {
    desk.restart(replica.state());
    calls.takeAll().forEach(this::admit);
  }

  private void timeIsUp() {
    desk.disarm();
    if (tenure.serves()) {
      desk.decideWhatIsDue();
      advance();
      arm();
    }
  }

  private void arm() {
    desk.arm(sender.alarm(), () -> sender.turns().run(this::timeIsUp));
  }

  /** Answers those whose patience ends. */
  void sweep() {
    calls.expire(System.nanoTime());
    Patience.sweep(tail, replica.state(), desk::decide);
  }

  /** From now on every call is refused; from any thread. */
  void stop(String reason) {
    tenure.stop(reason);
  }

  /** Ends all that wait, for good. */
  void refuseAll(UnavailableException reason) {
    stop(reason.getMessage() == null ? "" : reason.getMessage());
    tail.flight().ifPresent(flight -> flight.answers().forEach(Patience::giveUp));
    tail.drop(replica.state()).forEach(change -> change.refuse(reason));
    calls.takeAll().forEach(call -> call.refuse(reason));
  }

  @Override
  public void opened() {
    tenure.open();
    advance();
  }

  @Override
  public void unopened(String reason) {
    tenure.unread("the log cannot be read: " + reason);
  }

  @Override
  public void damaged(String reason) {
    tenure.damaged(reason);
    repair.attempt(reason, tenure.hasTerm(), () -> committer.orElseThrow().open());
  }

  @Override
  public boolean mayWrite() {
    return tenure.isValid();
  }

  @Override
  public void snapshotWanted() {
    if (tenure.serves()) {
      snapshots.takeNow();
    }
  }

  @Override
  public void landed(Tail.Flight flight) {
    if (tenure.serve()) {
      serve();
    } else if (tenure.serves()) {
      desk.note(flight.batch().commits());
      snapshots.take();
    }
    flight.answers().forEach(this::answer);
    advance();
    arm();
  }

  @Override
  public void passedOver(Tail.Flight flight) {
    flight.answers().forEach(Patience::giveUp);
  }

  @Override
  public void overtaken() {
    calls.holdAgain(tail.drop(replica.state()));
    tenure.overtake();
    advance();
  }

  @Override
  public void full(Log.Appended.Full full) {
    if (tenure.serves()) {
      // the next part never had an effect, and nobody else writes in this epoch
      replica.voidParts();
    }
    snapshots.takeNow();
    Phase now = tenure.phase();
    Patience.full(tail.drop(replica.state()), full)
        .forEach(change -> sender.later(full.retryAfter(), () -> admitIn(now, change)));
    sender.later(full.retryAfter(), this::advance);
  }

  /** What the holder's timers ask for is right as long as they are. */
  private void admitIn(Phase then, Held.Change<?> change) {
    if (tenure.phase().equals(then)) {
      admit(change);
    }
  }
}
