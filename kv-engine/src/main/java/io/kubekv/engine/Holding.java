package io.kubekv.engine;

import io.kubekv.OverloadedException;
import io.kubekv.UnavailableException;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether this replica holds the log, and what that means for those who call: they are decided, or
 * held until it does. Whoever loses the tail of the log forgets what was decided, and decides it
 * again once the log is his again. But for {@link #phase} and {@link #latest}, in turns.
 */
final class Holding implements Committer.Owner {
  private final Tail tail;
  private final Replica replica;
  private final Snapshots snapshots;
  private final Committer.Sender sender;
  private final Consumer<String> broken;
  private final Desk desk;
  private final Calls calls;
  private Optional<Committer> committer = Optional.empty();
  private Optional<Lease.Term> term = Optional.empty();
  private long epoch;
  private volatile Phase phase = new Phase.Opening();

  /**
   * @param broken stops the store, for the reason that it is told
   */
  Holding(
      EngineSettings settings,
      long maxEntryBytes,
      Tail tail,
      Replica replica,
      Snapshots snapshots,
      Committer.Sender sender,
      Consumer<String> broken) {
    this.tail = tail;
    this.replica = replica;
    this.snapshots = snapshots;
    this.sender = sender;
    this.broken = broken;
    this.desk = new Desk(settings, maxEntryBytes, tail, this::answer);
    this.calls = new Calls(settings.holding(), settings.pause());
  }

  /** Where entries go; said once, before anything happens. */
  void writesTo(Committer newCommitter) {
    committer = Optional.of(newCommitter);
  }

  Phase phase() {
    return phase;
  }

  /** The latest state; empty when it is not known here without waiting. From any thread. */
  Optional<State> latest() {
    if (phase instanceof Phase.Serving serving) {
      State state = sender.rules().readable(replica.state(), tail.prepared());
      if (serving.term().isValid()) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  void admit(Held call) {
    switch (phase) {
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
    boolean valid = phase instanceof Phase.Serving serving && serving.term().isValid();
    if (valid || change.changes()) {
      desk.renew(change);
      change.answer();
    } else if (!change.isOfTheHolder()) {
      calls.hold(change);
    }
  }

  /** Sends the next entry, if there is one, none is on its way, and the lease is had. */
  private void advance() {
    if (tail.flight().isPresent() || term.filter(Lease.Term::isValid).isEmpty()) {
      return;
    }
    switch (phase) {
      case Phase.Serving serving -> tail.next().ifPresent(this::send);
      case Phase.Following following -> sendBarrier(term.get());
      case Phase.TakingOver taking -> sendBarrier(term.get());
      case Phase.Opening opening -> {}
      case Phase.Stopped stopped -> {}
    }
  }

  /** The first entry of an epoch: when it is back, everything before it is known here. */
  private void sendBarrier(Lease.Term taken) {
    phase = new Phase.TakingOver(taken);
    epoch = replica.root().epoch() + 1;
    send(desk.barrier(replica.state(), sender.random().nextLong() | 1));
  }

  private void send(Tail.Batch batch) {
    committer.orElseThrow().send(batch, epoch);
  }

  void termTaken(Lease.Term taken) {
    if (phase instanceof Phase.Serving) {
      termLost("another term has begun");
    }
    term = Optional.of(taken);
    advance();
  }

  /** What was not sent is decided again by whoever is next; what was sent is settled by the log. */
  void termLost(String reason) {
    term = Optional.empty();
    if (phase instanceof Phase.Following) {
      phase = new Phase.Following(reason);
    } else if (phase instanceof Phase.Serving || phase instanceof Phase.TakingOver) {
      phase = new Phase.Following(reason);
      holdAgain(tail.dropWaiting(replica.state()));
    }
  }

  /** The holder's own are made again by the timers of whoever serves next. */
  private void holdAgain(List<Held.Change<?>> dropped) {
    dropped.stream()
        .filter(change -> !change.isOfTheHolder() && !change.future().isDone())
        .forEach(calls::hold);
  }

  private void serve(Lease.Term taken) {
    phase = new Phase.Serving(taken);
    desk.restart(replica.state());
    calls.takeAll().forEach(this::admit);
  }

  private void timeIsUp() {
    desk.disarm();
    if (phase instanceof Phase.Serving) {
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
    calls.expire(System.nanoTime(), phase.reason());
    Patience.sweep(tail, replica.state(), desk::decide);
  }

  /** From now on every call is refused; from any thread. */
  void stop(String reason) {
    phase = new Phase.Stopped(reason);
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
    if (phase instanceof Phase.Opening) {
      phase = new Phase.Following("this replica does not have the lease");
    }
    advance();
  }

  @Override
  public void applied(LogEntry entry) {
    snapshots.count(entry);
  }

  @Override
  public boolean mayWrite() {
    return phase instanceof Phase.Serving serving && serving.term().isValid();
  }

  @Override
  public void landed(Tail.Flight flight) {
    if (phase instanceof Phase.TakingOver taking) {
      serve(taking.term());
    } else if (phase instanceof Phase.Serving) {
      desk.note(flight.batch().commits());
      snapshots.take(replica.root());
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
    holdAgain(tail.drop(replica.state()));
    if (phase instanceof Phase.Serving serving) {
      phase = new Phase.TakingOver(serving.term());
    }
    advance();
  }

  @Override
  public void full(Duration retryAfter) {
    Phase now = phase;
    for (Held.Change<?> change : tail.drop(replica.state())) {
      if (change.request() instanceof Request.PassTime) {
        continue; // there will be another
      }
      if (change.isOfTheHolder()) {
        sender.later(retryAfter, () -> admitIn(now, change));
      } else {
        change.refuse(new OverloadedException("the log is full", retryAfter));
      }
    }
    sender.later(retryAfter, this::advance);
  }

  /** What the holder's timers ask for is right as long as they are. */
  private void admitIn(Phase then, Held.Change<?> change) {
    if (phase.equals(then)) {
      admit(change);
    }
  }

  @Override
  public void broken(String reason) {
    broken.accept(reason);
  }
}
