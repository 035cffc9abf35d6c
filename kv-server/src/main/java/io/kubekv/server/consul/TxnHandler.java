package io.kubekv.server.consul;

import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.server.golang.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code /v1/txn}, as far as the port goes: any reads and checks, on one snapshot; or one write,
 * the last operation, after reads and checks of its key. A change of the port is one of one key, so
 * everything else is refused before anything is done.
 */
final class TxnHandler implements Handler {
  private final KeyValueStore store;
  private final ConsulSettings settings;

  TxnHandler(KeyValueStore store, ConsulSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  @Override
  public void handle(Call call) throws ConsulError {
    List<TxnOperation> operations = TxnBody.read(call.body());
    boolean readOnly = operations.stream().noneMatch(TxnOperation::writes);
    Freshness freshness =
        readOnly ? ReadOptions.of(call.query()).freshness() : Freshness.LINEARIZABLE;
    call.requireDatacenter(settings.datacenter());
    List<TxnOutcome.Failure> keyless = keyless(operations);
    TxnOutcome outcome;
    if (!keyless.isEmpty()) {
      outcome = new TxnOutcome(List.of(), keyless);
    } else if (readOnly) {
      outcome = new TxnReads(state(operations, freshness)).evaluate(operations);
    } else {
      outcome = write(operations);
    }
    call.answer(outcome.response(readOnly));
  }

  private static List<TxnOutcome.Failure> keyless(List<TxnOperation> operations)
      throws ConsulError {
    List<TxnOutcome.Failure> keyless = new ArrayList<>();
    for (TxnOperation operation : operations) {
      try {
        if (new Prefix(operation.key()).text().isEmpty()
            && !operation.verb().equals("delete-tree")) {
          keyless.add(new TxnOutcome.Failure(operation.position(), "Must provide key"));
        }
      } catch (IllegalArgumentException notAKey) {
        throw new ConsulError(400, "Failed to parse body: " + notAKey.getMessage());
      }
    }
    return keyless;
  }

  /** What the operations can ask for, as one snapshot: all below what their keys share. */
  private List<Entry> state(List<TxnOperation> operations, Freshness freshness) {
    if (operations.isEmpty()) {
      return List.of();
    }
    String shared = operations.getFirst().key();
    for (TxnOperation operation : operations) {
      shared = sharedBeginning(shared, operation.key());
    }
    boolean single = operations.size() == 1 && !operations.getFirst().isTree();
    Range range =
        single ? new Range.Exact(Key.of(shared)) : new Range.WithPrefix(new Prefix(shared));
    return store.list(ListRequest.of(range), freshness).entries();
  }

  private static String sharedBeginning(String a, String b) {
    int[] first = a.codePoints().toArray();
    int[] second = b.codePoints().toArray();
    int length = 0;
    while (length < Math.min(first.length, second.length) && first[length] == second[length]) {
      length++;
    }
    return new String(first, 0, length);
  }

  private TxnOutcome write(List<TxnOperation> operations) throws ConsulError {
    TxnOperation last = operations.getLast();
    List<TxnOperation> before = operations.subList(0, operations.size() - 1);
    for (TxnOperation operation : operations) {
      boolean fits =
          operation.writes() == operation.equals(last)
              && operation.key().equals(last.key())
              && (before.isEmpty() || !operation.isTree());
      if (!fits) {
        throw refused(operation);
      }
    }
    TxnWrite write = new TxnWrite(store, last);
    if (before.isEmpty()) {
      return write.run(Optional.empty()).orElseThrow();
    }
    return checkedWrite(before, write, last.entryKey());
  }

  private static ConsulError refused(TxnOperation operation) {
    String what = operation.verb() + " of " + Quoted.of(operation.key());
    return new ConsulError(
        400,
        "operation "
            + operation.position()
            + " ("
            + what
            + ") is refused: a transaction reads and checks any keys, or checks one and writes it"
            + " last");
  }

  /** Checks a state and writes if it still stands; as often as it takes. */
  private TxnOutcome checkedWrite(List<TxnOperation> before, TxnWrite write, Key key) {
    while (true) {
      Optional<Entry> entry = store.get(key, Freshness.LINEARIZABLE).entry();
      TxnOutcome seen = new TxnReads(entry.stream().toList()).evaluate(before);
      if (!seen.errors().isEmpty()) {
        return seen;
      }
      Precondition unchanged =
          entry
              .<Precondition>map(found -> new Precondition.RevisionIs(found.modifyRevision()))
              .orElse(Precondition.ABSENT);
      Optional<TxnOutcome> done = write.run(Optional.of(unchanged));
      if (done.isPresent()) {
        List<TxnOutcome.Result> results = new ArrayList<>(seen.results());
        results.addAll(done.get().results());
        return new TxnOutcome(results, done.get().errors());
      }
    }
  }
}
