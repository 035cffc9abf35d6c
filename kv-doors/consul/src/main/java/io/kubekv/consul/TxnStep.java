package io.kubekv.consul;

import io.kubekv.DeleteRequest;
import io.kubekv.ListRequest;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.golang.Quoted;
import java.util.Optional;

/**
 * An operation of a Consul transaction as one of the port's.
 *
 * @param asked what the client wrote
 * @param operation what the store is asked; one that no state lets through where {@code wrong} is
 *     said, so that the others are tried all the same, as Consul does
 * @param wrong what is wrong with it whatever the state is; empty when nothing
 */
record TxnStep(TxnOperation asked, TransactionOperation operation, String wrong) {
  static TxnStep of(TxnOperation asked) {
    return switch (asked.verb()) {
      case "get" -> check(asked, Precondition.PRESENT);
      case "get-tree" ->
          step(asked, new TransactionOperation.ListRange(ListRequest.of(below(asked))));
      case "check-index" -> check(asked, new Precondition.RevisionIs(new Revision(asked.index())));
      case "check-session" -> checkSession(asked);
      case "check-not-exists" -> check(asked, Precondition.ABSENT);
      case "set" -> put(asked, put(asked));
      case "cas" -> put(asked, put(asked).withPrecondition(compared(asked)));
      case "lock", "unlock" -> lock(asked);
      case "delete" ->
          step(asked, new TransactionOperation.DeleteRange(new Range.Exact(asked.entryKey())));
      case "delete-cas" ->
          step(
              asked,
              new TransactionOperation.Delete(
                  DeleteRequest.of(asked.entryKey())
                      .withPrecondition(new Precondition.RevisionIs(new Revision(asked.index())))));
      case "delete-tree" -> step(asked, new TransactionOperation.DeleteRange(below(asked)));
      default -> impossible(asked, "unknown KV verb " + Quoted.of(asked.verb()));
    };
  }

  /** The same for a delete that has found no entry, which Consul takes for done. */
  TxnStep ofNothing() {
    return check(asked, Precondition.ABSENT);
  }

  private static TxnStep step(TxnOperation asked, TransactionOperation operation) {
    return new TxnStep(asked, operation, "");
  }

  private static TxnStep check(TxnOperation asked, Precondition precondition) {
    return step(asked, new TransactionOperation.Check(asked.entryKey(), precondition));
  }

  private static TxnStep put(TxnOperation asked, PutRequest request) {
    return step(asked, new TransactionOperation.Put(request));
  }

  private static PutRequest put(TxnOperation asked) {
    return PutRequest.of(asked.entryKey(), asked.value()).withFlags(asked.flags());
  }

  private static Range below(TxnOperation asked) {
    return new Range.WithPrefix(new Prefix(asked.key()));
  }

  private static Precondition compared(TxnOperation asked) {
    return asked.index() == 0
        ? Precondition.ABSENT
        : new Precondition.RevisionIs(new Revision(asked.index()));
  }

  /** Nobody holds a key as a session that does not exist. */
  private static TransactionOperation heldByNobodyKnown(TxnOperation asked) {
    return new TransactionOperation.CheckHolder(asked.entryKey(), Optional.of(SessionId.random()));
  }

  private static TxnStep impossible(TxnOperation asked, String wrong) {
    return new TxnStep(asked, heldByNobodyKnown(asked), wrong);
  }

  /** Consul compares texts: one that is no session's id is that of no holder. */
  private static TxnStep checkSession(TxnOperation asked) {
    if (asked.session().isEmpty()) {
      return step(asked, new TransactionOperation.CheckHolder(asked.entryKey(), Optional.empty()));
    }
    Optional<SessionId> session =
        SessionId.parse(asked.session()).filter(id -> id.toString().equals(asked.session()));
    return step(
        asked,
        session.isPresent()
            ? new TransactionOperation.CheckHolder(asked.entryKey(), session)
            : heldByNobodyKnown(asked));
  }

  private static TxnStep lock(TxnOperation asked) {
    String id = asked.session();
    Optional<SessionId> session = SessionId.parse(id);
    boolean locks = asked.verb().equals("lock");
    if (id.isEmpty()) {
      return impossible(asked, "missing session");
    }
    if (session.isEmpty()) {
      return impossible(
          asked,
          locks
              ? String.valueOf(SessionsHandler.notAnId(id).getMessage())
              : TxnErrors.notHeld(asked));
    }
    Locking locking =
        locks ? new Locking.Acquire(session.get()) : new Locking.Release(session.get());
    return put(asked, put(asked).withLocking(locking));
  }
}
