package io.kubekv.server.consul;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.server.golang.Quoted;
import java.util.List;
import java.util.Optional;

/** The one write of a transaction, as a change of the port. */
final class TxnWrite {
  private final KeyValueStore store;
  private final TxnOperation operation;
  private final String key;

  TxnWrite(KeyValueStore store, TxnOperation operation) {
    this.store = store;
    this.operation = operation;
    this.key = Quoted.of(operation.key());
  }

  /**
   * Does it.
   *
   * @param read the entry that checks of the same transaction have seen, absent when there are none
   * @return empty when that entry is no longer the key's
   */
  Optional<TxnOutcome> run(Optional<Precondition> read) {
    return switch (operation.verb()) {
      case "set" -> put(Locking.NONE, read.orElse(Precondition.NONE), read);
      case "cas" -> put(Locking.NONE, compared(), read);
      case "lock", "unlock" -> lock(read);
      case "delete" -> delete(Precondition.NONE, read);
      case "delete-cas" ->
          delete(new Precondition.RevisionIs(new Revision(operation.index())), read);
      default -> {
        store.deleteRange(new Range.WithPrefix(new Prefix(operation.key())));
        yield Optional.of(new TxnOutcome(List.of(), List.of()));
      }
    };
  }

  private Precondition compared() {
    return operation.index() == 0
        ? Precondition.ABSENT
        : new Precondition.RevisionIs(new Revision(operation.index()));
  }

  private Optional<TxnOutcome> lock(Optional<Precondition> read) {
    String id = operation.session();
    Optional<SessionId> session = SessionId.parse(id);
    boolean locks = operation.verb().equals("lock");
    if (id.isEmpty()) {
      return failed("missing session");
    }
    if (session.isEmpty()) {
      return failed(locks ? String.valueOf(SessionsHandler.notAnId(id).getMessage()) : notHeld());
    }
    Locking locking =
        locks ? new Locking.Acquire(session.get()) : new Locking.Release(session.get());
    return put(locking, read.orElse(Precondition.NONE), read);
  }

  private Optional<TxnOutcome> put(
      Locking locking, Precondition precondition, Optional<Precondition> read) {
    PutRequest request =
        PutRequest.of(operation.entryKey(), operation.value())
            .withFlags(operation.flags())
            .withPrecondition(precondition)
            .withLocking(locking);
    return switch (store.put(request)) {
      case PutOutcome.Stored stored -> done(stored.entry());
      case Refused refused -> refused(refused, read);
    };
  }

  private Optional<TxnOutcome> refused(Refused refused, Optional<Precondition> read) {
    return switch (refused.reason()) {
      case HELD -> failed("failed to lock key " + key + ", lock is already held");
      case LOCK_DELAYED -> failed("failed to lock key " + key + " due to lock delay");
      case NO_SESSION -> failed("invalid session " + Quoted.of(operation.session()));
      case NOT_HELD -> failed(notHeld());
      default ->
          read.isPresent() && !operation.verb().equals("cas")
              ? Optional.empty()
              : failed("failed to set key " + key + ", index is stale");
    };
  }

  private String notHeld() {
    return "failed to unlock key " + key + ", lock isn't held, or is held by another session";
  }

  private Optional<TxnOutcome> delete(Precondition compared, Optional<Precondition> read) {
    DeleteRequest request = DeleteRequest.of(operation.entryKey());
    boolean blind = compared.equals(Precondition.NONE);
    Precondition precondition = blind ? read.orElse(compared) : compared;
    if (precondition.equals(Precondition.ABSENT)) {
      return Optional.of(new TxnOutcome(List.of(), List.of()));
    }
    return switch (store.delete(request.withPrecondition(precondition))) {
      case DeleteOutcome.Deleted deleted -> Optional.of(new TxnOutcome(List.of(), List.of()));
      case Refused refused -> {
        if (blind && read.isPresent()) {
          yield Optional.empty();
        }
        yield refused.reason() == Refused.Reason.MISSING
            ? Optional.of(new TxnOutcome(List.of(), List.of()))
            : failed("failed to delete key " + key + ", index is stale");
      }
    };
  }

  private static Optional<TxnOutcome> done(Entry entry) {
    return Optional.of(new TxnOutcome(List.of(new TxnOutcome.Result(entry, false)), List.of()));
  }

  private Optional<TxnOutcome> failed(String what) {
    return Optional.of(TxnOutcome.failed(operation, what));
  }
}
