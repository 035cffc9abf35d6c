package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Changes with an unknown outcome whose value nobody ever saw. They are all alike, so they get the
 * same value; and one can have happened only where no watcher looked, so it begins only there.
 * Without both, a search would try them in every order.
 */
final class Unseen {
  private static final String VALUE = "(unseen)";

  private final Log.Coverage coverage;

  /** By revision: when the last change up to it was sent. */
  private final NavigableMap<Long, Long> sent = new TreeMap<>();

  /** By revision: when somebody first knew of a change at it or after it. */
  private final NavigableMap<Long, Long> known = new TreeMap<>();

  Unseen(History history, Log.Coverage coverage) {
    this.coverage = coverage;
    for (Operation operation : history.all(Operation.class)) {
      if (operation.result() == Result.DONE && operation.revision() != 0) {
        sent.merge(operation.revision(), operation.call().invoked(), Math::max);
        known.merge(operation.revision(), operation.call().returned(), Math::min);
      }
    }
    for (WatchSeen seen : history.all(WatchSeen.class)) {
      if (seen.isChange()) {
        known.merge(seen.revision(), seen.received(), Math::min);
      }
    }
    long latest = Long.MIN_VALUE;
    for (Map.Entry<Long, Long> each : sent.entrySet()) {
      latest = Math.max(latest, each.getValue());
      each.setValue(latest);
    }
    long earliest = Long.MAX_VALUE;
    for (Map.Entry<Long, Long> each : known.descendingMap().entrySet()) {
      earliest = Math.min(earliest, each.getValue());
      each.setValue(earliest);
    }
  }

  /** Whether it is what {@link #alike} makes. */
  static boolean isOne(Operation operation) {
    return operation.result() == Result.UNKNOWN && operation.value().equals(VALUE);
  }

  /** The same change, as one of those. */
  Operation alike(Operation change) {
    Call call = change.call();
    Call later =
        new Call(
            call.id(),
            call.client(),
            call.door(),
            call.replica(),
            earliest(call.invoked()),
            call.returned());
    return new Operation(
        later,
        change.action(),
        change.key(),
        VALUE,
        change.expected(),
        Result.UNKNOWN,
        Sight.NONE,
        0);
  }

  private long earliest(long invoked) {
    for (Log.Gap gap : coverage.gaps()) {
      Map.Entry<Long, Long> after = known.ceilingEntry(gap.end());
      boolean over = after != null && after.getValue() < invoked;
      if (!over) {
        Map.Entry<Long, Long> before = sent.floorEntry(gap.after());
        return before == null ? invoked : Math.max(invoked, before.getValue());
      }
    }
    return invoked;
  }
}
