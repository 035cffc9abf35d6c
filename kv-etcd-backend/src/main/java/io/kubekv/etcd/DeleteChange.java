package io.kubekv.etcd;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.Refused;
import io.kubekv.TreeRules;
import io.kubekv.WatchEvent;
import java.util.Optional;

/** A delete of one entry. */
final class DeleteChange implements Change<DeleteOutcome> {
  private final DeleteRequest request;
  private final Operations operations;

  DeleteChange(DeleteRequest request, EtcdKeys keys) {
    this.request = request;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<DeleteOutcome> decide(Facts facts) {
    Optional<Entry> current = facts.entry(request.key());
    Optional<Refused> refused =
        request.layout() == Layout.TREE
            ? new TreeRules(facts::entry, facts::hasBelow).refusal(request, facts.revision())
            : Precondition.PRESENT
                .refusal(current, facts.revision())
                .or(() -> request.precondition().refusal(current, facts.revision()));
    if (refused.isPresent()) {
      return new Decision.Answer<>(refused.get());
    }
    if (current.isEmpty()) {
      throw new IllegalStateException("a delete of nothing was not refused");
    }
    Entry doomed = current.get();
    return Decision.Write.of(
        Optional.empty(),
        (id, lease) -> operations.delete(doomed, request.cause(), id),
        seen -> outcome(seen));
  }

  private DeleteOutcome outcome(PendingWrite.Seen seen) {
    for (WatchEvent event : seen.events()) {
      if (event instanceof WatchEvent.Delete delete
          && delete.previous().key().equals(request.key())) {
        return new DeleteOutcome.Deleted(seen.revision(), delete.previous());
      }
    }
    throw new IllegalStateException("the delete of " + request.key() + " has no event");
  }
}
