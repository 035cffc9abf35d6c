package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Sight;
import java.util.Optional;

/**
 * The state of one key, as far as it is known, and what operations make of it: the sequential
 * specification.
 *
 * @param exists whether the key is there
 * @param value its value; empty when it is not there
 * @param revision of its last change; 0 when that is not known
 * @param floor below this, and at it, the last change cannot be where its revision is not known
 * @param open whether nothing at all is known
 */
record Register(boolean exists, String value, long revision, long floor, boolean open) {
  /** A key that was never there. */
  static final Register NEVER = new Register(false, "", 0, 0, false);

  /** A key that may be anything. */
  static final Register ANYTHING = new Register(false, "", 0, 0, true);

  /**
   * The state after an operation that took effect on this; empty if it cannot have.
   *
   * @param log what is known of the key's changes
   */
  Optional<Register> after(Operation operation, Log log) {
    boolean refused =
        switch (operation.result()) {
          case REFUSED -> true;
          case DONE, UNKNOWN, FAILED -> false;
        };
    Optional<Register> seen = seeing(operation.seen());
    return refused
        ? seen.filter(state -> state.mayRefuse(operation))
        : seen.flatMap(state -> state.fit(operation))
            .flatMap(state -> state.change(operation, log));
  }

  /** This state, known better by a sight of it; empty if it is another. */
  private Optional<Register> seeing(Sight sight) {
    if (!sight.told()) {
      return Optional.of(this);
    }
    if (open) {
      return Optional.of(
          new Register(sight.exists(), sight.value(), sight.revision(), sight.revision(), false));
    }
    if (sight.exists() != exists || !sight.value().equals(value)) {
      return Optional.empty();
    }
    return exists ? at(sight.revision()) : Optional.of(this);
  }

  /** This state, if its last change can have this revision. */
  private Optional<Register> at(long known) {
    if (revision == known) {
      return Optional.of(this);
    }
    return revision == 0 && known > floor
        ? Optional.of(new Register(exists, value, known, known, false))
        : Optional.empty();
  }

  private boolean mayRefuse(Operation operation) {
    if (open) {
      return true;
    }
    return switch (operation.action()) {
      case CREATE -> exists;
      case SWAP, DELETE_IF -> !exists || revision != operation.expected();
      case DELETE -> !exists;
      case GET, PUT, REMOVE -> false;
    };
  }

  /** This state, if it is one in which the operation is done. */
  private Optional<Register> fit(Operation operation) {
    if (open) {
      return Optional.of(this);
    }
    return switch (operation.action()) {
      case GET, PUT, REMOVE -> Optional.of(this);
      case CREATE -> Optional.of(this).filter(state -> !state.exists);
      case SWAP, DELETE_IF -> exists ? at(operation.expected()) : Optional.empty();
      case DELETE -> Optional.of(this).filter(Register::exists);
    };
  }

  private Optional<Register> change(Operation operation, Log log) {
    boolean changes = operation.action().stores() || exists || open;
    if (operation.action().isRead() || !changes) {
      return Optional.of(this);
    }
    long least = Math.max(floor, revision);
    Optional<Changes.Change> next = open ? Optional.empty() : log.next(least);
    if (next.isPresent() && log.isCompleteFrom(least, next.get().revision())) {
      return logged(operation, next.get());
    }
    long now = operation.revision();
    boolean stored = operation.action().stores();
    return now != 0 && now <= least
        ? Optional.empty()
        : Optional.of(
            new Register(
                stored, stored ? operation.value() : "", now, Math.max(least, now), false));
  }

  /** The state after the next change of the log, if the operation is it. */
  private static Optional<Register> logged(Operation operation, Changes.Change next) {
    boolean stored = operation.action().stores();
    boolean same =
        next.now().exists() == stored
            && next.now().value().equals(stored ? operation.value() : "")
            && (operation.revision() == 0 || operation.revision() == next.revision());
    long at = next.revision();
    return same
        ? Optional.of(new Register(stored, next.now().value(), at, at, false))
        : Optional.empty();
  }
}
