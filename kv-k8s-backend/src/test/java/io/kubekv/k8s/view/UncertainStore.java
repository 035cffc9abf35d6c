package io.kubekv.k8s.view;

import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import java.util.concurrent.CompletableFuture;

/** A store whose puts with a precondition do not always tell what became of them. */
final class UncertainStore {
  private enum Loss {
    NONE,
    REQUEST,
    ANSWER
  }

  private Loss next = Loss.NONE;

  /** The next put is done, and said to be unknown. */
  void loseNextAnswer() {
    next = Loss.ANSWER;
  }

  /** The next put is not done, and said to be unknown. */
  void loseNextRequest() {
    next = Loss.REQUEST;
  }

  KeyValueStore over(KeyValueStore store) {
    return new DelegatingStore(store) {
      @Override
      public CompletableFuture<PutOutcome> put(PutRequest request) {
        return request.precondition().equals(Precondition.NONE)
            ? super.put(request)
            : switch (lossOfNext()) {
              case NONE -> super.put(request);
              case REQUEST -> lost();
              case ANSWER -> super.put(request).thenCompose(done -> lost());
            };
      }
    };
  }

  private Loss lossOfNext() {
    Loss loss = next;
    next = Loss.NONE;
    return loss;
  }

  private static CompletableFuture<PutOutcome> lost() {
    return CompletableFuture.failedFuture(new OutcomeUnknownException("lost"));
  }
}
