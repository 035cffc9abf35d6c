package io.kubekv.k8s;

import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Layout;
import io.kubekv.LockRules;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.SessionId;
import io.kubekv.TreeRules;
import java.util.Optional;
import java.util.function.Predicate;

/** Why a state forbids a change; empty when it does not. */
final class Refusals {
  private final Predicate<SessionId> alive;
  private final LockDelays delays;

  /**
   * @param alive whether a session lives
   */
  Refusals(Predicate<SessionId> alive, LockDelays delays) {
    this.alive = alive;
    this.delays = delays;
  }

  Optional<Refused> of(PutRequest request, Snapshot now) {
    Optional<Entry> current = now.get(request.key());
    Optional<Refused> refused =
        request.layout() == Layout.TREE
            ? tree(now).refusal(request, now.revision())
            : request.precondition().refusal(current, now.revision());
    return refused
        .or(() -> refreshOfNothing(request, current, now))
        .or(() -> locks(current).refusal(request, current, now.revision()));
  }

  Optional<Refused> of(DeleteRequest request, Snapshot now) {
    Optional<Entry> current = now.get(request.key());
    return request.layout() == Layout.TREE
        ? tree(now).refusal(request, now.revision())
        : Precondition.PRESENT
            .refusal(current, now.revision())
            .or(() -> request.precondition().refusal(current, now.revision()));
  }

  static TreeRules tree(Snapshot now) {
    return new TreeRules(now::get, now::hasBelow);
  }

  private static Optional<Refused> refreshOfNothing(
      PutRequest request, Optional<Entry> current, Snapshot now) {
    return request.mode() == PutMode.REFRESH
        ? Precondition.PRESENT.refusal(current, now.revision())
        : Optional.empty();
  }

  private LockRules locks(Optional<Entry> current) {
    return new LockRules(alive, key -> delays.left(key, current));
  }
}
