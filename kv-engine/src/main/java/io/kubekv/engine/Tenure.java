package io.kubekv.engine;

import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.Root;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far this replica has the log: its phase, the term of its lease, and the epoch that it writes
 * in. Changed in turns, but for {@link #stop}; what a status tells is read from any thread.
 */
final class Tenure {
  private static final String UNREAD = "the log has not been read yet";

  private Optional<Lease.Term> term = Optional.empty();
  private long epoch;
  private volatile Phase phase = new Phase.Opening(UNREAD);
  private volatile String problem = UNREAD;
  private volatile long opened;
  private volatile long terms;

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

  /** The epoch in which it writes, and nobody else can; empty when it does not. */
  OptionalLong writing() {
    return phase instanceof Phase.Serving serving && serving.term().isValid()
        ? OptionalLong.of(serving.epoch())
        : OptionalLong.empty();
  }

  /** What is wrong between this replica and the log; empty when nothing is. */
  String problem() {
    return phase instanceof Phase.Stopped stopped ? stopped.reason() : problem;
  }

  /** Why nothing is served, in words for an operator; empty when it is. */
  String reason() {
    Phase now = phase;
    boolean over = now instanceof Phase.Serving serving && !serving.term().isValid();
    return over ? "the lease of this replica has run out" : now.reason();
  }

  /** How often the log was read from its snapshot on. */
  long opened() {
    return opened;
  }

  /** How often the lease was got. */
  long terms() {
    return terms;
  }

  /** Whether the lease is had. */
  boolean hasTerm() {
    return term.filter(Lease.Term::isValid).isPresent();
  }

  /** The log is read. */
  void open() {
    opened = opened + 1;
    problem = "";
    if (phase instanceof Phase.Opening) {
      phase = new Phase.Following("this replica does not have the lease");
    }
  }

  /** Why it cannot be read now. */
  void unread(String reason) {
    problem = reason;
    if (phase instanceof Phase.Opening) {
      phase = new Phase.Opening(reason);
    }
  }

  /** What is applied here does not stand in the log any more; a follower does not serve. */
  void damaged(String reason) {
    problem = reason;
    if (phase instanceof Phase.Following) {
      phase = new Phase.Following(reason);
    }
  }

  void take(Lease.Term taken) {
    term = Optional.of(taken);
    terms = terms + 1;
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
      phase = new Phase.Serving(taking.term(), epoch);
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
