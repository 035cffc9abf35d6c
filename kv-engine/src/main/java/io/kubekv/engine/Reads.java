package io.kubekv.engine;

import io.kubekv.CompactedException;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.Revision;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.engine.history.History;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Reads, as fresh as asked for. Thread-safe; waits only where it says so. */
final class Reads {
  private final Pipeline pipeline;
  private final Duration patience;
  private final Decider decider;

  Reads(Pipeline pipeline, EngineSettings settings) {
    this.pipeline = pipeline;
    this.patience = settings.patience();
    this.decider = new Decider(settings.limits());
  }

  /** Waits for a state that is fresh enough, as long as the store's patience is. */
  <T> T read(Freshness freshness, Function<State, T> question) {
    return switch (freshness) {
      case Freshness.Linearizable linearizable -> Waits.forRead(pipeline.read(question));
      case Freshness.Stale stale -> question.apply(known());
      case Freshness.AtLeast atLeast -> {
        awaitRevision(atLeast.revision());
        yield question.apply(known());
      }
      case Freshness.At at -> question.apply(stateAt(at.revision()));
    };
  }

  /** That a revision has come is known here, or by a read that waits for the latest. */
  private State stateAt(Revision wanted) {
    if (wanted.isAfter(known().revision())) {
      State latest = Waits.forRead(pipeline.read(state -> state));
      if (wanted.isAfter(latest.revision())) {
        throw new FutureRevisionException(wanted, latest.revision());
      }
    }
    History history = pipeline.replica().history();
    return history
        .at(wanted)
        .orElseThrow(() -> new CompactedException(wanted, history.oldestState()));
  }

  /** A transaction that changes nothing. */
  TransactionOutcome transact(TransactionRequest request) {
    return read(request.freshness(), state -> decider.read(request, state));
  }

  private void awaitRevision(Revision wanted) {
    known();
    boolean come = Waits.forRead(pipeline.replica().reached().reached(wanted, patience));
    if (!come) {
      throw new UnavailableException(
          "the store is at revision %s, not yet at %s"
              .formatted(pipeline.replica().shown().revision(), wanted));
    }
  }

  /** The latest state; empty when it is not known here without waiting. */
  Optional<State> latest() {
    if (pipeline.phase() instanceof Phase.Stopped) {
      requireKnown();
    }
    return pipeline.latest();
  }

  StoreStatus status() {
    State state = pipeline.replica().shown();
    boolean ready = pipeline.latest().isPresent();
    return new StoreStatus(
        ready,
        ready ? "" : pipeline.tenure().reason(),
        state.revision(),
        pipeline.replica().history().oldest(),
        state.contents().size(),
        state.contents().bytes() + state.locks().bytes());
  }

  /** What this replica shows, however old. */
  State known() {
    requireKnown();
    return pipeline.replica().shown();
  }

  /** Fails while nothing is known here, and when the store has stopped. */
  void requireKnown() {
    Phase phase = pipeline.phase();
    if (phase instanceof Phase.Opening || phase instanceof Phase.Stopped) {
      throw new UnavailableException(phase.reason());
    }
  }
}
