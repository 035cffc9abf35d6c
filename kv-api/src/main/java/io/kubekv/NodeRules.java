package io.kubekv;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * ZooKeeper's rules of a tree (ZooKeeper 3.8, PrepRequestProcessor), for {@link Layout#NODES}. A
 * <i>node</i> is a key that has an entry, or one that is <i>implied</i>: others are below it. A
 * store evaluates the rules on one state and makes the change on the same state; nothing here
 * blocks or changes anything.
 */
public final class NodeRules {
  /** An implied node counts as put once, so that whoever has seen it can compare with that. */
  public static final long IMPLIED_VERSION = 1;

  private final Function<Key, Optional<Entry>> entries;
  private final Predicate<Key> hasBelow;

  /**
   * @param entries the state to decide on
   * @param hasBelow whether that state has an entry below a key
   */
  public NodeRules(Function<Key, Optional<Entry>> entries, Predicate<Key> hasBelow) {
    this.entries = entries;
    this.hasBelow = hasBelow;
  }

  /**
   * Whether a key is a node without an entry.
   *
   * @param current the key's entry
   */
  public boolean isImplied(Key key, Optional<Entry> current) {
    return current.isEmpty() && hasBelow.test(key);
  }

  /** Why a put is refused, precondition included; empty when it may happen. */
  public Optional<Refused> refusal(PutRequest request, Revision at) {
    Key key = request.key();
    Optional<Entry> current = entries.apply(key);
    boolean implied = isImplied(key, current);
    Optional<Refused> refused = refusal(request.precondition(), current, implied, at);
    return refused.isPresent() || current.isPresent() || implied ? refused : missingParent(key, at);
  }

  /** Why a delete is refused, precondition included; empty when it may happen. */
  public Optional<Refused> refusal(DeleteRequest request, Revision at) {
    Optional<Entry> current = entries.apply(request.key());
    boolean below = hasBelow.test(request.key());
    boolean implied = current.isEmpty() && below;
    return refusal(Precondition.PRESENT, current, implied, at)
        .or(() -> refusal(request.precondition(), current, implied, at))
        .or(
            () ->
                below
                    ? Optional.of(new Refused(Refused.Reason.NOT_EMPTY, current, at))
                    : Optional.empty());
  }

  /** Why a precondition does not hold of a key's node; empty when it does. */
  public Optional<Refused> refusal(Key key, Precondition precondition, Revision at) {
    Optional<Entry> current = entries.apply(key);
    return refusal(precondition, current, isImplied(key, current), at);
  }

  private static Optional<Refused> refusal(
      Precondition precondition, Optional<Entry> current, boolean implied, Revision at) {
    if (!implied) {
      return precondition.refusal(current, at);
    }
    return switch (precondition) {
      case Precondition.None none -> Optional.empty();
      case Precondition.Present present -> Optional.empty();
      case Precondition.Absent absent -> refused(Refused.Reason.EXISTS, at);
      case Precondition.VersionIs is ->
          is.version() == IMPLIED_VERSION ? Optional.empty() : refused(Refused.Reason.CHANGED, at);
      case Precondition.RevisionIs is -> refused(Refused.Reason.MISSING, at);
      case Precondition.ValueIs is -> refused(Refused.Reason.MISSING, at);
      case Precondition.RevisionAndValueAre are -> refused(Refused.Reason.MISSING, at);
    };
  }

  private static Optional<Refused> refused(Refused.Reason reason, Revision at) {
    return Optional.of(new Refused(reason, Optional.empty(), at));
  }

  /** A new node needs one above it that does not end with a session. The top is always there. */
  private Optional<Refused> missingParent(Key key, Revision at) {
    Optional<Key> parent = key.parent();
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    Optional<Entry> entry = entries.apply(parent.get());
    if (entry.isEmpty() && !hasBelow.test(parent.get())) {
      return refused(Refused.Reason.NO_PARENT, at);
    }
    return entry
        .filter(above -> above.attachedTo().isPresent())
        .map(above -> Refused.of(Refused.Reason.EPHEMERAL_PARENT, above, at));
  }
}
