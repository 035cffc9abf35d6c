package io.kubekv.contract;

import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.Sessions;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Stores that let those go on who had a session before: promise 9. */
final class BrokenTakeUps {
  private BrokenTakeUps() {}

  /** Taking a session up is no change. */
  static final class OnlyRenews extends DelegatingStore {
    OnlyRenews(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Sessions sessions() {
      return new DelegatingSessions(inner().sessions()) {
        @Override
        public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
          return inner().renew(id);
        }
      };
    }
  }

  private static class Checks extends DelegatingStore {
    private final UnaryOperator<TransactionOperation> wrong;

    Checks(KeyValueStore inner, UnaryOperator<TransactionOperation> wrong) {
      super(inner);
      this.wrong = wrong;
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return super.transact(
          request.withOperations(request.operations().stream().map(wrong).toList()));
    }
  }

  /** Whoever has taken it up, it lives. */
  static KeyValueStore ignoresWhoHasIt(KeyValueStore inner) {
    return new Checks(
        inner,
        operation ->
            operation instanceof TransactionOperation.CheckSession check
                ? new TransactionOperation.CheckSession(check.session(), Optional.empty())
                : operation);
  }

  static KeyValueStore ignoresThatItHasEnded(KeyValueStore inner) {
    return new Checks(
        inner,
        operation ->
            operation instanceof TransactionOperation.CheckSession check
                    && check.modified().isEmpty()
                ? new TransactionOperation.Get(Key.of("nothing here"))
                : operation);
  }
}
