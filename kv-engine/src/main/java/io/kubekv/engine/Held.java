package io.kubekv.engine;

import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Decision;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that has no answer yet. */
sealed interface Held {
  /** The answer. */
  CompletableFuture<?> future();

  /** By when there must be one, by {@link System#nanoTime}. */
  long deadline();

  default boolean isLate(long now) {
    return deadline() - now <= 0;
  }

  /** How many bytes the values have that it brings. */
  default long bytes() {
    return 0;
  }

  default void refuse(StoreException reason) {
    future().completeExceptionally(reason);
  }

  /** A question to the state that everybody may know of. */
  record Question<T>(Function<State, T> question, CompletableFuture<T> future, long deadline)
      implements Held {
    void answer(State applied) {
      try {
        future.complete(question.apply(applied));
      } catch (RuntimeException failure) {
        future.completeExceptionally(failure);
      }
    }
  }

  /** A request, and once it is decided, what it comes to when the log has it. */
  final class Change<T> implements Held {
    static final long NEVER = Long.MIN_VALUE;

    private final Request<T> request;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final long deadline;
    private @Nullable Decision<T> decision;
    private @Nullable RuntimeException failure;

    Change(Request<T> request, long deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    Request<T> request() {
      return request;
    }

    @Override
    public CompletableFuture<T> future() {
      return future;
    }

    @Override
    public long deadline() {
      return deadline;
    }

    /** Decides, for the first time or again; a request that cannot be decided changes nothing. */
    Decision<?> decide(Decider decider, State prepared, Moment now) {
      failure = null;
      try {
        Decision<T> decided = decider.decide(request, prepared, now);
        decision = decided;
        return decided;
      } catch (RuntimeException undecided) {
        failure = undecided;
        decision = null;
        return new Decision<>(false, List.of(), prepared);
      }
    }

    @Override
    public long bytes() {
      return request.bytes();
    }

    /** Whether it changes something: its answer is then as true as the log. */
    boolean changes() {
      return decision != null && !decision.effects().isEmpty();
    }

    /** Whether the holder asked for it, because the time of something has run out. */
    boolean isOfTheHolder() {
      return deadline == NEVER;
    }

    /** Late never comes for what the holder asks for. */
    @Override
    public boolean isLate(long now) {
      return deadline != NEVER && deadline - now <= 0;
    }

    /** The session that it renews or takes up, once it is decided. */
    Optional<Session> renewed() {
      return switch (request) {
        case Request.RenewSession renew -> decided(renew.id());
        case Request.TakeUpSession taken -> decided(taken.id());
        default -> Optional.empty();
      };
    }

    private Optional<Session> decided(SessionId id) {
      return decision == null ? Optional.empty() : decision.after().locks().session(id);
    }

    /** Tells what was decided. */
    void answer() {
      if (decision != null) {
        future.complete(decision.outcome());
      } else if (failure != null) {
        future.completeExceptionally(failure);
      }
    }
  }
}
