package io.kubekv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * etcd v2's rules of a tree (etcd 3.4, store/store.go: internalCreate, Update, CompareAndSwap,
 * Delete), for stores that serve {@link Layout#TREE}. A store evaluates them on one state and makes
 * the change on the same state; nothing here blocks or changes anything.
 */
public final class TreeRules {
  private final Function<Key, Optional<Entry>> entries;
  private final Predicate<Key> hasChildren;

  /**
   * @param entries the state to decide on
   * @param hasChildren whether that state has an entry below a key
   */
  public TreeRules(Function<Key, Optional<Entry>> entries, Predicate<Key> hasChildren) {
    this.entries = entries;
    this.hasChildren = hasChildren;
  }

  /** Why a put is refused, precondition included; empty when it may happen. */
  public Optional<Refused> refusal(PutRequest request, Revision at) {
    Optional<Entry> file = valueAbove(request.key());
    if (file.isPresent()) {
      return Optional.of(Refused.of(Refused.Reason.NOT_A_DIRECTORY, file.get(), at));
    }
    Optional<Entry> current = entries.apply(request.key());
    return switch (request.precondition()) {
      case Precondition.None none -> onDirectory(request, current, at);
      case Precondition.Absent absent -> request.precondition().refusal(current, at);
      case Precondition.Present present ->
          request.precondition().refusal(current, at).or(() -> onDirectory(request, current, at));
      case Precondition.RevisionIs is -> compared(request.precondition(), current, at);
      case Precondition.ValueIs is -> compared(request.precondition(), current, at);
      case Precondition.RevisionAndValueAre are -> compared(request.precondition(), current, at);
      case Precondition.VersionIs is -> compared(request.precondition(), current, at);
    };
  }

  /** Why a delete is refused, precondition included; empty when it may happen. */
  public Optional<Refused> refusal(DeleteRequest request, Revision at) {
    Optional<Entry> file = valueAbove(request.key());
    if (file.isPresent()) {
      return Optional.of(Refused.of(Refused.Reason.NOT_A_DIRECTORY, file.get(), at));
    }
    Optional<Entry> current = entries.apply(request.key());
    if (current.isPresent() && current.get().isDirectory()) {
      if (!request.directory() || request.cause() == Cause.COMPARE_AND_DELETE) {
        return Optional.of(Refused.of(Refused.Reason.IS_DIRECTORY, current.get(), at));
      }
      if (hasChildren.test(request.key())) {
        return Optional.of(Refused.of(Refused.Reason.NOT_EMPTY, current.get(), at));
      }
    }
    return Precondition.PRESENT
        .refusal(current, at)
        .or(() -> request.precondition().refusal(current, at));
  }

  /** The directories that a put of {@code key} needs and that are missing, from the top. */
  public List<Key> missingParents(Key key) {
    List<Key> missing = new ArrayList<>();
    for (Optional<Key> parent = key.parent();
        parent.isPresent() && entries.apply(parent.get()).isEmpty();
        parent = parent.get().parent()) {
      missing.addFirst(parent.get());
    }
    return missing;
  }

  private Optional<Entry> valueAbove(Key key) {
    return key.parent()
        .flatMap(parent -> valueAbove(parent).or(() -> entries.apply(parent)))
        .filter(entry -> !entry.isDirectory());
  }

  private static Optional<Refused> compared(
      Precondition precondition, Optional<Entry> current, Revision at) {
    return current.isPresent() && current.get().isDirectory()
        ? Optional.of(Refused.of(Refused.Reason.IS_DIRECTORY, current.get(), at))
        : precondition.refusal(current, at);
  }

  /**
   * A directory takes no value and no session that it ends with, and is not set again; only an
   * update may give it an expiry.
   */
  private static Optional<Refused> onDirectory(
      PutRequest request, Optional<Entry> current, Revision at) {
    boolean keeps =
        request.mode() != PutMode.REPLACE
            && request.value().size() == 0
            && !(request.attachment() instanceof Attachment.To);
    return current
        .filter(Entry::isDirectory)
        .filter(directory -> !keeps)
        .map(directory -> Refused.of(Refused.Reason.IS_DIRECTORY, directory, at));
  }
}
