package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Stores that guess after a lost answer: promise 6. */
final class BrokenOutcomes {
  private BrokenOutcomes() {}

  static final class Repeats extends DelegatingStore {
    Repeats(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            try {
              return Await.change(super.put(request));
            } catch (OutcomeUnknownException lost) {
              return Await.change(super.put(request));
            }
          });
    }
  }

  static final class SaysNothingApplied extends DelegatingStore {
    SaysNothingApplied(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            try {
              return Await.change(super.put(request));
            } catch (OutcomeUnknownException lost) {
              throw new UnavailableException("no answer came", lost);
            }
          });
    }
  }

  static final class ClaimsSuccess extends DelegatingStore {
    ClaimsSuccess(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            try {
              return Await.change(super.put(request));
            } catch (OutcomeUnknownException lost) {
              Revision made = new Revision(1);
              Entry wished =
                  new Entry(
                      request.key(),
                      Kind.VALUE,
                      Bytes.EMPTY,
                      0,
                      made,
                      made,
                      1,
                      Optional.empty(),
                      LockState.NONE);
              return new PutOutcome.Stored(wished, Optional.empty());
            }
          });
    }
  }
}
