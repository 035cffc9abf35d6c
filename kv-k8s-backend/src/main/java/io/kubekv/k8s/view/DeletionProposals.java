package io.kubekv.k8s.view;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Precondition;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.Optional;

/**
 * Puts to the store that somebody has deleted an object: a delete of its key, on the condition that
 * it is still as the object showed it. May be repeated.
 */
final class DeletionProposals {
  private final KeyValueStore store;

  DeletionProposals(KeyValueStore store) {
    this.store = store;
  }

  /**
   * Proposes that a key ends whose object somebody has deleted.
   *
   * @return what to say of it; empty when the key had ended before
   */
  Optional<Verdict> deletion(ViewObject deleted, Key key, Revision base) {
    Precondition asShown = new Precondition.RevisionIs(base);
    if (deleted.isDirectory()) {
      return deletionOfDirectory(key, asShown, base);
    }
    return switch (Await.change(store.delete(DeleteRequest.of(key).withPrecondition(asShown)))) {
      case DeleteOutcome.Deleted gone -> Optional.of(deleted(gone.revision()));
      case Refused refused -> undeleted(refused, base);
    };
  }

  /** The rules of a tree compare no directory, but a transaction does. */
  private Optional<Verdict> deletionOfDirectory(Key key, Precondition asShown, Revision base) {
    TransactionRequest request =
        TransactionRequest.of(
            new TransactionOperation.Check(key, asShown),
            new TransactionOperation.Delete(DeleteRequest.of(key).orDirectory()));
    return switch (Await.change(store.transact(request))) {
      case TransactionOutcome.Committed gone -> Optional.of(deleted(gone.revision()));
      case TransactionOutcome.RolledBack refused ->
          undeleted(refused.failures().getFirst().refused(), base);
    };
  }

  private static Verdict deleted(Revision at) {
    return Verdict.applied("the key was deleted at revision " + at);
  }

  private static Optional<Verdict> undeleted(Refused refused, Revision base) {
    if (refused.reason() == Refused.Reason.MISSING) {
      return Optional.empty();
    }
    return Optional.of(
        refused.reason() == Refused.Reason.NOT_EMPTY
            ? Verdict.refused("NotEmpty", "the directory has keys below it: delete those first")
            : Verdict.refused(
                "Conflict",
                "the key was changed since revision "
                    + base
                    + ", which the deleted object showed: delete the object as it is now"));
  }
}
