package io.kubekv.k8s;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The plain cases of {@link Writes}, without a thread: decided on the index at once, begun at once,
 * and completed by the watch. The same rules hold. What would have to wait before it begins is not
 * done here; what is overtaken goes on as a write of {@link Writes}.
 */
final class WritesAtOnce {
  private final Index index;
  private final Committer committer;
  private final Holder holder;
  private final PathOrder order;
  private final Writes writes;

  WritesAtOnce(Index index, Committer committer, Holder holder, PathOrder order, Writes writes) {
    this.index = index;
    this.committer = committer;
    this.holder = holder;
    this.order = order;
    this.writes = writes;
  }

  /** One request. */
  private interface Plan<T> {
    /** Why the state forbids it, as its outcome. */
    Optional<T> refusal(Snapshot now);

    /** What it writes; empty when it takes more than one write. */
    Optional<Committer.Change> change(Snapshot now);

    /** What it did, by what it wrote over that state. */
    T result(StoredObject written, Snapshot now);

    /** All of it anew, on a thread that may wait. */
    T run();
  }

  /**
   * Begins a put. Never blocks.
   *
   * @param executor where it completes, unless something unusual happens
   * @return empty when it would have to wait first: nothing was done
   */
  Optional<CompletableFuture<PutOutcome>> put(
      PutRequest request, Deadline deadline, Executor executor) {
    return request.locking() instanceof Locking.None
        ? begin(request.key(), request.layout(), new Put(request, deadline), deadline, executor)
        : Optional.empty();
  }

  /** Begins a delete, as {@link #put}. */
  Optional<CompletableFuture<DeleteOutcome>> delete(
      DeleteRequest request, Deadline deadline, Executor executor) {
    return begin(
        request.key(), request.layout(), new Delete(request, deadline), deadline, executor);
  }

  private final class Put implements Plan<PutOutcome> {
    private final PutRequest request;
    private final Deadline deadline;

    Put(PutRequest request, Deadline deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    @Override
    public Optional<PutOutcome> refusal(Snapshot now) {
      return writes.refusals().of(request, now).map(refused -> refused);
    }

    @Override
    public Optional<Committer.Change> change(Snapshot now) {
      if (!Writes.missingParents(now, request).isEmpty()) {
        return Optional.empty();
      }
      writes.checkRoom(now, request, 0);
      return Optional.of(writes.change(now, request));
    }

    @Override
    public PutOutcome result(StoredObject written, Snapshot now) {
      return writes.stored(written, now);
    }

    @Override
    public PutOutcome run() {
      return writes.put(request, deadline);
    }
  }

  private final class Delete implements Plan<DeleteOutcome> {
    private final DeleteRequest request;
    private final Deadline deadline;

    Delete(DeleteRequest request, Deadline deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    @Override
    public Optional<DeleteOutcome> refusal(Snapshot now) {
      return writes.refusals().of(request, now).map(refused -> refused);
    }

    @Override
    public Optional<Committer.Change> change(Snapshot now) {
      return now.held(request.key()).map(held -> writes.deletion(held, request.cause()));
    }

    @Override
    public DeleteOutcome result(StoredObject written, Snapshot now) {
      return new DeleteOutcome.Deleted(written.revision(), now.get(request.key()).orElseThrow());
    }

    @Override
    public DeleteOutcome run() {
      return writes.delete(request, deadline);
    }
  }

  private <T> Optional<CompletableFuture<T>> begin(
      Key key, Layout layout, Plan<T> plan, Deadline deadline, Executor executor) {
    Optional<Term> term = holder.term();
    Optional<PathOrder.Turn> turn = term.flatMap(held -> order.atOnce(key, layout));
    if (turn.isEmpty()) {
      return Optional.empty();
    }
    boolean begun = false;
    try {
      Snapshot now = index.snapshot();
      Optional<T> refused = plan.refusal(now);
      if (refused.isPresent()) {
        return term.filter(Term::isValid)
            .map(held -> CompletableFuture.completedFuture(refused.get()));
      }
      Optional<CompletableFuture<Committer.Outcome>> outcome =
          plan.change(now).flatMap(change -> committer.begin(change, deadline));
      begun = outcome.isPresent();
      return outcome.map(coming -> follow(coming, turn.get(), now, plan, executor));
    } finally {
      if (!begun) {
        turn.get().close();
      }
    }
  }

  private <T> CompletableFuture<T> follow(
      CompletableFuture<Committer.Outcome> coming,
      PathOrder.Turn turn,
      Snapshot now,
      Plan<T> plan,
      Executor executor) {
    CompletableFuture<T> result = new CompletableFuture<>();
    coming.whenCompleteAsync(
        (outcome, failed) -> {
          turn.close();
          if (failed != null) {
            result.completeExceptionally(failed);
          } else {
            finish(outcome, now, plan, result);
          }
        },
        executor);
    return result;
  }

  private <T> void finish(
      Committer.Outcome outcome, Snapshot now, Plan<T> plan, CompletableFuture<T> result) {
    try {
      Optional<StoredObject> written = writes.acknowledged(outcome);
      if (written.isPresent()) {
        result.complete(plan.result(written.get(), now));
      } else {
        Threads.start("write", () -> complete(plan, result));
      }
    } catch (StoreException unknown) {
      result.completeExceptionally(unknown);
    }
  }

  private static <T> void complete(Plan<T> plan, CompletableFuture<T> result) {
    try {
      result.complete(plan.run());
    } catch (RuntimeException failed) {
      result.completeExceptionally(failed);
    }
  }
}
