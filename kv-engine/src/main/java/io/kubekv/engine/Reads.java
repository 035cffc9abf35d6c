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
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Reads, as fresh as asked for. Thread-safe; waits for nothing. */
final class Reads {
  private final Pipeline pipeline;
  private final Duration patience;
  private final Decider decider;

  Reads(Pipeline pipeline, EngineSettings settings) {
    this.pipeline = pipeline;
    this.patience = settings.patience();
    this.decider = new Decider(settings.limits());
  }

  /** Answers once there is a state that is fresh enough, or the store's patience is over. */
  <T> CompletableFuture<T> read(Freshness freshness, Function<State, T> question) {
    return switch (freshness) {
      case Freshness.Linearizable linearizable -> pipeline.read(question);
      case Freshness.Stale stale -> CompletableFuture.completedFuture(question.apply(known()));
      case Freshness.AtLeast atLeast -> from(atLeast.revision(), question);
      case Freshness.At at -> stateAt(at.revision()).thenApply(question);
    };
  }

  /** That a revision has come is known here, or by a read of the latest. */
  private CompletableFuture<State> stateAt(Revision wanted) {
    State known = known();
    return wanted.isAfter(known.revision())
        ? pipeline.read(latest -> latest).thenCompose(latest -> stateAt(wanted, latest))
        : stateAt(wanted, known);
  }

  /** The history hears last of what has come: what it has not heard of is not compacted. */
  private CompletableFuture<State> stateAt(Revision wanted, State latest) {
    if (wanted.isAfter(latest.revision())) {
      throw new FutureRevisionException(wanted, latest.revision());
    }
    if (wanted.equals(latest.revision())) {
      return CompletableFuture.completedFuture(latest);
    }
    History history = pipeline.replica().history();
    Optional<State> there = history.at(wanted);
    return there.isPresent() || wanted.isBefore(history.oldestState())
        ? CompletableFuture.completedFuture(there.orElseThrow(() -> compacted(wanted)))
        : from(wanted, come -> history.at(wanted).orElseThrow(() -> compacted(wanted)));
  }

  private CompactedException compacted(Revision wanted) {
    return new CompactedException(wanted, pipeline.replica().history().oldestState());
  }

  /** A transaction that changes nothing. */
  CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return read(request.freshness(), state -> decider.read(request, state));
  }

  /** What has to wait is asked on a thread of its own: the one that brings it has more to do. */
  private <T> CompletableFuture<T> from(Revision wanted, Function<State, T> question) {
    known();
    CompletableFuture<Boolean> come = pipeline.replica().reached().reached(wanted, patience);
    return come.isDone()
        ? come.thenApply(reached -> question.apply(known(wanted, reached)))
        : come.thenApplyAsync(
            reached -> question.apply(known(wanted, reached)), Thread::startVirtualThread);
  }

  private State known(Revision wanted, boolean reached) {
    State state = known();
    if (!reached) {
      throw new UnavailableException(
          "the store is at revision %s, not yet at %s".formatted(state.revision(), wanted));
    }
    return state;
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
        state.bytes());
  }

  /** What this replica shows, however old; not what is before the store's beginning. */
  State known() {
    requireKnown();
    State shown = pipeline.replica().shown();
    if (shown.storeId() == 0) {
      throw new UnavailableException("the store has not begun yet: no replica holds the log");
    }
    return shown;
  }

  /** Fails while nothing is known here, and when the store has stopped. */
  void requireKnown() {
    Phase phase = pipeline.phase();
    if (phase instanceof Phase.Opening || phase instanceof Phase.Stopped) {
      throw new UnavailableException(phase.reason());
    }
  }
}
