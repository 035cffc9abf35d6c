package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every key is linearizable. A list counts as a read of every key that it could have shown. Values
 * are unique, so whatever shows one tells the revision of its change, also of one whose answer was
 * lost.
 */
public final class Keys {
  /** Enough for every history that a correct store has shown, by a factor of a hundred. */
  private static final long PATIENCE = 2_000_000;

  private static final long MINIMISING = 500_000;

  private final Map<String, List<Operation>> byKey = new TreeMap<>();
  private final Changes changes;
  private final Log.Coverage coverage;

  public Keys(History history) {
    changes = new Changes(history);
    coverage = new Log.Coverage(history);
    Map<String, Long> revisions = revisions(history);
    Unseen unseen = new Unseen(history, coverage);
    for (Operation operation : history.all(Operation.class)) {
      if (operation.result() != Result.FAILED
          && !(operation.action().isRead() && operation.result() == Result.UNKNOWN)) {
        add(resolved(operation, revisions, unseen));
      }
    }
    for (ListSeen list : history.all(ListSeen.class)) {
      for (String key : List.copyOf(byKey.keySet())) {
        if (key.startsWith(list.prefix())) {
          add(read(list, key));
        }
      }
    }
  }

  /** What is wrong, a key at a time. */
  public List<Violation> violations() {
    List<Violation> found = new ArrayList<>();
    byKey.forEach((key, operations) -> check(key, operations).ifPresent(found::add));
    return found;
  }

  private void add(Operation operation) {
    byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
  }

  private Optional<Violation> check(String key, List<Operation> operations) {
    Log log = Log.of(changes, coverage, key);
    if (isLinearizableWithoutUnseen(operations, log)) {
      return Optional.empty();
    }
    return switch (new Linearizability(operations, Register.NEVER, log, PATIENCE).verdict()) {
      case LINEARIZABLE -> Optional.empty();
      case UNDECIDED -> {
        List<Line> all = List.copyOf(operations);
        yield Optional.of(
            new Violation("linearizable", key, "undecided after " + PATIENCE + " steps", all));
      }
      case NOT_LINEARIZABLE -> {
        List<Line> fewest = List.copyOf(minimised(operations, log));
        String words = "no order of these operations explains what they saw";
        yield Optional.of(new Violation("linearizable", key, words, fewest));
      }
    };
  }

  /**
   * If so, with them as well: what is unknown need never have happened. Much the shorter search.
   */
  private static boolean isLinearizableWithoutUnseen(List<Operation> operations, Log log) {
    List<Operation> seen =
        operations.stream().filter(operation -> !Unseen.isOne(operation)).toList();
    return new Linearizability(seen, Register.NEVER, log, PATIENCE).verdict()
        == Linearizability.Verdict.LINEARIZABLE;
  }

  /**
   * Fewer operations that are not linearizable either: an early part of them, a late part of that
   * from whatever state, and of the rest no read and no refusal that is not needed. Each step keeps
   * a linearizable history linearizable, so what is left proves the same.
   */
  static List<Operation> minimised(List<Operation> operations, Log log) {
    List<Operation> kept = new ArrayList<>(operations);
    kept.sort(Comparator.comparingLong(operation -> operation.call().returned()));
    List<Operation> starting = new ArrayList<>(early(kept, shortestFailing(kept, log)));
    starting.sort(Comparator.comparingLong(operation -> operation.call().invoked()));
    Register start = Register.NEVER;
    for (int from = starting.size() - 1; from > 0; from--) {
      List<Operation> late = startingAt(starting, from);
      if (fails(late, Register.ANYTHING, log)) {
        starting = new ArrayList<>(late);
        start = Register.ANYTHING;
        break;
      }
    }
    dropNeedless(starting, start, log);
    return starting;
  }

  /** Also what was under way then belongs to it: its effect may be later. */
  private static List<Operation> startingAt(List<Operation> starting, int from) {
    long cut = starting.get(from).call().invoked();
    return starting.stream()
        .filter(operation -> !operation.isDefinite() || operation.call().returned() >= cut)
        .toList();
  }

  private static int shortestFailing(List<Operation> byReturn, Log log) {
    int low = 1;
    int high = byReturn.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (fails(early(byReturn, middle), Register.NEVER, log)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  /** The first that returned; the changes among the others may have taken effect all the same. */
  private static List<Operation> early(List<Operation> byReturn, int count) {
    List<Operation> part = new ArrayList<>(byReturn.subList(0, count));
    long end = byReturn.get(count - 1).call().returned();
    for (Operation later : byReturn.subList(count, byReturn.size())) {
      boolean began = later.call().invoked() <= end;
      if (began && !later.action().isRead() && later.result() != Result.REFUSED) {
        part.add(unanswered(later));
      }
    }
    return part;
  }

  private static Operation unanswered(Operation change) {
    return new Operation(
        change.call(),
        change.action(),
        change.key(),
        change.value(),
        change.expected(),
        Result.UNKNOWN,
        Sight.NONE,
        change.revision());
  }

  private static void dropNeedless(List<Operation> kept, Register start, Log log) {
    for (int i = kept.size() - 1; i >= 0; i--) {
      Operation candidate = kept.get(i);
      if (candidate.action().isRead() || candidate.result() == Result.REFUSED) {
        kept.remove(i);
        if (!fails(kept, start, log)) {
          kept.add(i, candidate);
        }
      }
    }
  }

  private static boolean fails(List<Operation> operations, Register start, Log log) {
    return new Linearizability(operations, start, log, MINIMISING).verdict()
        == Linearizability.Verdict.NOT_LINEARIZABLE;
  }

  private static Operation resolved(
      Operation operation, Map<String, Long> revisions, Unseen unseen) {
    if (!operation.action().stores() || operation.revision() != 0) {
      return operation;
    }
    Long known = revisions.get(operation.value());
    if (known != null) {
      return operation.withRevision(known);
    }
    return operation.result() == Result.UNKNOWN ? unseen.alike(operation) : operation;
  }

  /** The revision of the change that stored a value, of every value that was seen. */
  static Map<String, Long> revisions(History history) {
    Map<String, Long> found = new HashMap<>();
    for (Operation operation : history.all(Operation.class)) {
      if (operation.seen().exists()) {
        found.put(operation.seen().value(), operation.seen().revision());
      }
    }
    for (ListSeen list : history.all(ListSeen.class)) {
      list.items().forEach(item -> found.put(item.value(), item.revision()));
    }
    for (WatchSeen seen : history.all(WatchSeen.class)) {
      if (seen.kind() == WatchSeen.Kind.PUT) {
        found.put(seen.value(), seen.revision());
      }
    }
    return found;
  }

  private static Operation read(ListSeen list, String key) {
    Call call = list.call();
    return new Operation(call, Action.GET, key, "", 0, Result.DONE, list.sight(key), 0);
  }
}
