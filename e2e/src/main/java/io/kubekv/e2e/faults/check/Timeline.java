package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.Disorder;
import io.kubekv.e2e.faults.history.Disturbance;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A violation for people: what shows it, in the order of time, with what was going on. */
public final class Timeline {
  private static final int MOST_ITEMS = 6;

  private final List<Disturbance> disturbances;

  public Timeline(History history) {
    disturbances = history.all(Disturbance.class);
  }

  /** Several lines. */
  public String print(Violation violation) {
    List<Line> lines = new ArrayList<>(violation.evidence());
    long from = lines.stream().mapToLong(Timeline::start).min().orElse(0);
    long to = lines.stream().mapToLong(Timeline::end).max().orElse(0);
    disturbances.stream()
        .filter(each -> each.to() >= from && each.from() <= to)
        .forEach(lines::add);
    lines.sort(Comparator.comparingLong(Timeline::start));
    StringBuilder text = new StringBuilder();
    text.append(violation.promise()).append(": ").append(violation.subject()).append(' ');
    text.append(violation.words()).append('\n');
    text.append("    begins      ends ms  who and what\n");
    for (Line line : lines) {
      double begins = (start(line) - from) / 1e6;
      double ends = (end(line) - from) / 1e6;
      text.append(String.format(Locale.ROOT, "%10.3f %10.3f  %s%n", begins, ends, words(line)));
    }
    return text.toString();
  }

  private static long start(Line line) {
    return switch (line) {
      case Operation operation -> operation.call().invoked();
      case ListSeen list -> list.call().invoked();
      case LockCall lock -> lock.call().invoked();
      case MortalCall mortal -> mortal.call().invoked();
      case WatchSeen seen -> seen.received();
      case Disorder disorder -> disorder.at();
      case Disturbance disturbance -> disturbance.from();
    };
  }

  private static long end(Line line) {
    return switch (line) {
      case Operation operation -> operation.call().returned();
      case ListSeen list -> list.call().returned();
      case LockCall lock -> lock.call().returned();
      case MortalCall mortal -> mortal.call().returned();
      case WatchSeen seen -> seen.received();
      case Disorder disorder -> disorder.at();
      case Disturbance disturbance -> disturbance.to();
    };
  }

  private static String words(Line line) {
    return switch (line) {
      case Operation operation -> operation(operation);
      case ListSeen list -> list(list);
      case LockCall lock ->
          "%s %s %s of %s: %s, token %d"
              .formatted(
                  who(lock.call()),
                  lock.step(),
                  lock.key(),
                  lock.session(),
                  lock.result(),
                  lock.token());
      case MortalCall mortal ->
          "%s %s %s ttl %d ms: %s%s"
              .formatted(
                  who(mortal.call()),
                  mortal.step(),
                  mortal.key(),
                  mortal.timeToLiveMillis(),
                  mortal.result(),
                  mortal.exists() ? ", there" : "");
      case WatchSeen seen ->
          "%s (%s) saw %s %s %s at %d, before %s"
              .formatted(
                  seen.watcher(),
                  seen.replica(),
                  seen.kind(),
                  seen.key(),
                  seen.value(),
                  seen.revision(),
                  seen.before());
      case Disorder disorder ->
          "%s (zookeeper, %s) was told: %s"
              .formatted(disorder.client(), disorder.replica(), disorder.told());
      case Disturbance disturbance -> "*** " + disturbance.kind() + ": " + disturbance.target();
    };
  }

  private static String operation(Operation operation) {
    String expected = operation.expected() == 0 ? "" : " if at " + operation.expected();
    String revision = operation.revision() == 0 ? "" : " at " + operation.revision();
    Sight seen = operation.seen();
    String was = operation.action().isRead() || operation.result() == Result.REFUSED ? "" : "was ";
    return "%s %s %s %s%s: %s%s %s"
        .formatted(
            who(operation.call()),
            operation.action(),
            operation.key(),
            operation.value(),
            expected,
            operation.result(),
            revision,
            seen.told() ? was + seen : "");
  }

  private static String list(ListSeen list) {
    List<ListSeen.Item> items = list.items();
    return "%s LIST %s at %d: %s%s"
        .formatted(
            who(list.call()),
            list.prefix(),
            list.revision(),
            items.stream().limit(MOST_ITEMS).toList(),
            items.size() > MOST_ITEMS ? " and " + (items.size() - MOST_ITEMS) + " more" : "");
  }

  private static String who(Call call) {
    return call.client() + " (" + call.door() + ", " + call.replica() + ")";
  }
}
