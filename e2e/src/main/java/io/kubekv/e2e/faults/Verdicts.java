package io.kubekv.e2e.faults;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.faults.check.Expiries;
import io.kubekv.e2e.faults.check.Keys;
import io.kubekv.e2e.faults.check.Lists;
import io.kubekv.e2e.faults.check.Locks;
import io.kubekv.e2e.faults.check.Orders;
import io.kubekv.e2e.faults.check.Timeline;
import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.check.Watches;
import io.kubekv.e2e.faults.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All checkers on one history, and what they print. */
final class Verdicts {
  /** An expiry may be a second late, and what looks for it on a busy machine another. */
  private static final Duration EXPIRY_ALLOWANCE = Duration.ofSeconds(2);

  /** What replicas may take to be well after a fault: to find the API, the lease, the barrier. */
  private static final Duration RECOVERY = Duration.ofSeconds(8);

  private static final int MOST_PRINTED = 3;

  private Verdicts() {}

  /**
   * Everything that a correct store cannot have shown.
   *
   * @param eachTold whether each checker is named with how much it has found
   */
  static List<Violation> of(History history, boolean eachTold) {
    Map<String, Supplier<List<Violation>>> checkers = new LinkedHashMap<>();
    checkers.put("keys", () -> new Keys(history).violations());
    checkers.put("lists", () -> new Lists(history).violations());
    checkers.put("watches", () -> new Watches(history).violations());
    checkers.put("locks", () -> new Locks(history).violations());
    checkers.put("expiries", () -> new Expiries(history, EXPIRY_ALLOWANCE, RECOVERY).violations());
    checkers.put("orders", () -> new Orders(history).violations());
    List<Violation> all = new ArrayList<>();
    checkers.forEach(
        (name, checker) -> {
          List<Violation> found = checker.get();
          if (eachTold) {
            Check.say("  %-10s %d violations", name, found.size());
          }
          all.addAll(found);
        });
    return all;
  }

  /** Saves the history with the timelines of what it violates, and prints the first of them. */
  static void report(History history, List<Violation> violations, Path folder) throws IOException {
    Files.createDirectories(folder);
    history.write(folder.resolve("history.jsonl"));
    Timeline timeline = new Timeline(history);
    StringBuilder all = new StringBuilder();
    for (Violation violation : violations) {
      all.append(timeline.print(violation)).append('\n');
    }
    Files.writeString(folder.resolve("violations.txt"), all);
    violations.stream()
        .limit(MOST_PRINTED)
        .forEach(violation -> Check.say("%s", timeline.print(violation)));
    Check.say("%d violations; all of them, and the history: %s", violations.size(), folder);
  }
}
