package io.kubekv.k8s;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers reads from the index. A linearizable one takes its snapshot first and checks the lease
 * after: then nobody else can have acknowledged a write that the snapshot lacks. Both must fall
 * into one term: between two of ours somebody else may have acknowledged writes.
 */
final class Reads {
  /** The first list has at least this one. */
  private static final Revision FIRST = new Revision(1);

  private final Index index;
  private final Holder holder;
  private final Duration patience;

  Reads(Index index, Holder holder, Duration patience) {
    this.index = index;
    this.holder = holder;
    this.patience = patience;
  }

  /** The answer that {@code question} gives on a state that is as fresh as asked for. */
  <T> T read(Freshness freshness, Function<Snapshot, T> question) {
    return switch (freshness) {
      case Freshness.Linearizable now -> linearizable(question);
      case Freshness.AtLeast atLeast -> question.apply(atLeast(atLeast.revision()));
      case Freshness.Stale any -> question.apply(stale());
    };
  }

  /** A linearizable answer, if it can be had without waiting. Never blocks. */
  <T> Optional<T> atOnce(Function<Snapshot, T> question) {
    return holder
        .term()
        .flatMap(
            term -> {
              T answer = question.apply(index.snapshot());
              return term.isValid() ? Optional.of(answer) : Optional.empty();
            });
  }

  private <T> T linearizable(Function<Snapshot, T> question) {
    Deadline deadline = Deadline.in(patience);
    while (true) {
      Term term = holder.awaitActive(deadline);
      T answer = question.apply(index.snapshot());
      if (term.isValid()) {
        return answer;
      }
    }
  }

  private Snapshot atLeast(Revision wanted) {
    holder.requireOpen();
    if (!reaches(wanted)) {
      throw new UnavailableException(
          "the store is at revision " + index.seen().now() + " here, not yet at " + wanted);
    }
    Snapshot now = stale();
    return new Snapshot(now.entries(), Revision.max(now.revision(), wanted));
  }

  private Snapshot stale() {
    holder.requireOpen();
    if (!index.filled() && !reaches(FIRST)) {
      throw new UnavailableException("the store's objects have not been listed yet");
    }
    return index.snapshot();
  }

  /** Whether the index has come to a revision, after waiting for it. */
  private boolean reaches(Revision wanted) {
    try {
      return index.seen().await(wanted, patience.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for revision " + wanted);
    }
  }
}
