package io.kubekv.engine;

import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.Root;
import java.util.Optional;

/**
 * How far this replica has the log: its phase, the term of its lease, and the epoch that it writes
 * in. Changed in turns, but for {@link #stop}; the phase is read from any thread.
 */
final class Tenure {
  private Optional<Lease.Term> term = Optional.empty();
  private long epoch;
  private volatile Phase phase = new Phase.Opening("the log has not been read yet");

  Phase phase() {
    return phase;
  }

  long epoch() {
    return epoch;
  }

  boolean serves() {
    return phase instanceof Phase.Serving;
  }

  /** Whether it serves and nobody else can. From any thread. */
  boolean isValid() {
    return phase instanceof Phase.Serving serving && serving.term().isValid();
  }

  /** Whether the lease is had. */
  boolean hasTerm() {
    return term.filter(Lease.Term::isValid).isPresent();
  }

  /** The log is read. */
  void open() {
    if (phase instanceof Phase.Opening) {
      phase = new Phase.Following("this replica does not have the lease");
    }
  }

  /** Why it cannot be read yet. */
  void unread(String reason) {
    if (phase instanceof Phase.Opening) {
      phase = new Phase.Opening(reason);
    }
  }

  /** Why a follower does not serve. */
  void follow(String reason) {
    if (phase instanceof Phase.Following) {
      phase = new Phase.Following(reason);
    }
  }

  void take(Lease.Term taken) {
    term = Optional.of(taken);
  }

  /** Whether the log was had, or about to be. */
  boolean lose(String reason) {
    term = Optional.empty();
    boolean had = phase instanceof Phase.Serving || phase instanceof Phase.TakingOver;
    if (had || phase instanceof Phase.Following) {
      phase = new Phase.Following(reason);
    }
    return had;
  }

  /** Whether nothing is in the way of an epoch of its own but the lease. */
  boolean mayBegin() {
    return phase instanceof Phase.Following || phase instanceof Phase.TakingOver;
  }

  /** The first entry of an epoch is sent. */
  void begin(Root applied) {
    phase = new Phase.TakingOver(term.orElseThrow());
    epoch = applied.epoch() + 1;
  }

  /** The first entry of the epoch has come back; whether it was that. */
  boolean serve() {
    if (phase instanceof Phase.TakingOver taking) {
      phase = new Phase.Serving(taking.term());
      return true;
    }
    return false;
  }

  /** Another has written. */
  void overtake() {
    if (phase instanceof Phase.Serving serving) {
      phase = new Phase.TakingOver(serving.term());
    }
  }

  /** For good. */
  void stop(String reason) {
    phase = new Phase.Stopped(reason);
  }
}
