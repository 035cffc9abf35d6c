package io.kubekv.server.consul;

import io.kubekv.Entry;
import io.kubekv.LockState;
import io.kubekv.SessionId;
import io.kubekv.server.golang.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Evaluates the reads and checks of a transaction on one state, in Consul's words. */
final class TxnReads {
  private final List<Entry> state;
  private final List<TxnOutcome.Result> results = new ArrayList<>();
  private final List<TxnOutcome.Failure> errors = new ArrayList<>();

  /**
   * @param state every entry that the operations can ask for, in order of key
   */
  TxnReads(List<Entry> state) {
    this.state = state;
  }

  TxnOutcome evaluate(List<TxnOperation> operations) {
    operations.forEach(this::evaluate);
    return new TxnOutcome(results, errors);
  }

  private void evaluate(TxnOperation operation) {
    Optional<Entry> entry =
        state.stream().filter(e -> e.key().text().equals(operation.key())).findFirst();
    String key = Quoted.of(operation.key());
    switch (operation.verb()) {
      case "get" ->
          show(operation, entry, true, entry.isPresent() ? "" : "key " + key + " doesn't exist");
      case "get-tree" ->
          state.stream()
              .filter(e -> e.key().text().startsWith(operation.key()))
              .forEach(e -> results.add(new TxnOutcome.Result(e, true)));
      case "check-index" -> show(operation, entry, false, indexError(operation, entry, key));
      case "check-session" -> show(operation, entry, false, sessionError(operation, entry, key));
      case "check-not-exists" ->
          show(
              operation,
              Optional.empty(),
              false,
              entry.isPresent() ? "key " + key + " exists" : "");
      default -> fail(operation, "unknown KV verb " + Quoted.of(operation.verb()));
    }
  }

  private static String indexError(TxnOperation operation, Optional<Entry> entry, String key) {
    if (entry.isEmpty()) {
      return "failed to check index, key " + key + " doesn't exist";
    }
    String wanted = Long.toUnsignedString(operation.index());
    String actual = entry.get().modifyRevision().toString();
    return actual.equals(wanted)
        ? ""
        : "failed index check for key "
            + key
            + ", current modify index "
            + actual
            + " != "
            + wanted;
  }

  private static String sessionError(TxnOperation operation, Optional<Entry> entry, String key) {
    if (entry.isEmpty()) {
      return "failed to check session, key " + key + " doesn't exist";
    }
    LockState lock = entry.get().lock();
    String actual = lock.holder().map(SessionId::toString).orElse("");
    return actual.equals(operation.session())
        ? ""
        : "failed session check for key "
            + key
            + ", current session "
            + Quoted.of(actual)
            + " != "
            + Quoted.of(operation.session());
  }

  /**
   * @param error empty when there is none
   */
  private void show(
      TxnOperation operation, Optional<Entry> entry, boolean withValue, String error) {
    if (error.isEmpty()) {
      entry.ifPresent(found -> results.add(new TxnOutcome.Result(found, withValue)));
    } else {
      fail(operation, error);
    }
  }

  private void fail(TxnOperation operation, String error) {
    errors.add(new TxnOutcome.Failure(operation.position(), error));
  }
}
