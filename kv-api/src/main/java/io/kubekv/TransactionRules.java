package io.kubekv;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What of a transaction is decided on one state alone: the operations that read and check. Nothing
 * here blocks or changes anything.
 */
public final class TransactionRules {
  private final Function<Key, Optional<Entry>> entries;
  private final Function<ListRequest, Listing> lists;
  private final Function<Prefix, DirectoryLookup> directories;
  private final Function<SessionId, Optional<Session>> sessions;
  private final NodeRules nodes;

  /**
   * @param entries the entry that a key has in the state
   * @param hasBelow whether the state has an entry below a key
   * @param lists the answer that the state has to a list
   * @param directories what the state has counted of a directory
   * @param sessions the session of an id in the state
   */
  public TransactionRules(
      Function<Key, Optional<Entry>> entries,
      Predicate<Key> hasBelow,
      Function<ListRequest, Listing> lists,
      Function<Prefix, DirectoryLookup> directories,
      Function<SessionId, Optional<Session>> sessions) {
    this.entries = entries;
    this.lists = lists;
    this.directories = directories;
    this.sessions = sessions;
    this.nodes = new NodeRules(entries, hasBelow);
  }

  /** Why an operation is refused on the state of this revision; empty when it is not. */
  public Optional<Refused> refusal(TransactionOperation.Reading operation, Revision at) {
    return switch (operation) {
      case TransactionOperation.Get get -> Optional.empty();
      case TransactionOperation.ListRange list -> Optional.empty();
      case TransactionOperation.Directory directory -> Optional.empty();
      case TransactionOperation.Check check ->
          check.layout() == Layout.NODES
              ? nodes.refusal(check.key(), check.precondition(), at)
              : check.precondition().refusal(entries.apply(check.key()), at);
      case TransactionOperation.CheckHolder check -> refusal(check, at);
      case TransactionOperation.CheckSession check -> refusal(check, at);
    };
  }

  private Optional<Refused> refusal(TransactionOperation.CheckHolder check, Revision at) {
    Optional<Entry> entry = entries.apply(check.key());
    Optional<SessionId> holder =
        entry.flatMap(now -> now.lock().holder()).filter(id -> sessions.apply(id).isPresent());
    if (entry.isEmpty() || holder.equals(check.holder())) {
      return Precondition.PRESENT.refusal(entry, at);
    }
    Refused.Reason reason =
        check.holder().isPresent() ? Refused.Reason.NOT_HELD : Refused.Reason.HELD;
    return Optional.of(new Refused(reason, entry, at));
  }

  private Optional<Refused> refusal(TransactionOperation.CheckSession check, Revision at) {
    Optional<Session> session = sessions.apply(check.session());
    boolean changed =
        check.modified().isPresent()
            && !session.map(Session::modifyRevision).equals(check.modified());
    if (session.isPresent() && !changed) {
      return Optional.empty();
    }
    Refused.Reason reason =
        session.isPresent() ? Refused.Reason.CHANGED : Refused.Reason.NO_SESSION;
    return Optional.of(new Refused(reason, Optional.empty(), at));
  }

  /** What an operation that is not refused comes to on the state of this revision. */
  public TransactionResult result(TransactionOperation.Reading operation, Revision at) {
    return switch (operation) {
      case TransactionOperation.Get get -> new Lookup(entries.apply(get.key()), at);
      case TransactionOperation.ListRange list -> lists.apply(list.request());
      case TransactionOperation.Directory directory -> directories.apply(directory.directory());
      case TransactionOperation.Check check -> new Lookup(entries.apply(check.key()), at);
      case TransactionOperation.CheckHolder check -> new Lookup(entries.apply(check.key()), at);
      case TransactionOperation.CheckSession check -> new Lookup(Optional.empty(), at);
    };
  }
}
