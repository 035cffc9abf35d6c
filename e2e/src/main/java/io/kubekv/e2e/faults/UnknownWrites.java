package io.kubekv.e2e.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What part of the writes that may have been done have no known outcome: their clients cannot tell.
 * Those that were not sent, or surely refused for want of a holder or of room, are not among them.
 */
final class UnknownWrites {
  private UnknownWrites() {}

  /** In all, and by the door that they came through. */
  static String of(List<Operation> operations) {
    Map<String, List<Operation>> byDoor =
        operations.stream()
            .filter(each -> !each.action().isRead() && each.result() != Result.FAILED)
            .collect(groupingBy(each -> each.call().door(), TreeMap::new, toList()));
    List<Operation> all = byDoor.values().stream().flatMap(List::stream).toList();
    return byDoor.entrySet().stream()
        .map(door -> door.getKey() + " " + share(door.getValue()))
        .collect(joining("; ", "writes without a known outcome: " + share(all) + " (", ")"));
  }

  private static String share(List<Operation> writes) {
    long unknown = writes.stream().filter(each -> each.result() == Result.UNKNOWN).count();
    double share = writes.isEmpty() ? 0 : 100.0 * unknown / writes.size();
    return String.format(Locale.ROOT, "%d of %d, %.1f %%", unknown, writes.size(), share);
  }
}
