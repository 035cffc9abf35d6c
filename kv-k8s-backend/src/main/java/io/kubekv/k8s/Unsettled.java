package io.kubekv.k8s;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The writes on their way, by the name of their object. Thread-safe; only {@link #run} blocks. */
final class Unsettled {
  /** How often those that wait look at their deadlines. */
  static final Duration TICK = Duration.ofMillis(100);

  private final Map<String, List<Settlement>> byName = new ConcurrentHashMap<>();

  void add(String name, Settlement settlement) {
    byName.merge(name, List.of(settlement), Unsettled::joined);
  }

  void remove(String name, Settlement settlement) {
    byName.computeIfPresent(
        name,
        (same, there) -> {
          List<Settlement> left = there.stream().filter(one -> one != settlement).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** Whether a write of this object is on its way. */
  boolean contains(String name) {
    return byName.containsKey(name);
  }

  /**
   * Ticks until interrupted; blocks.
   *
   * @param each what else is to be done every time
   */
  void run(Runnable each) {
    try {
      while (true) {
        Thread.sleep(TICK);
        each.run();
        byName.values().forEach(there -> there.forEach(Settlement::tick));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  public void changed(StoredObject object, Revision previous) {
    byName
        .getOrDefault(object.name(), List.of())
        .forEach(settlement -> settlement.changed(object, previous));
  }

  public void removed(String name) {
    byName.getOrDefault(name, List.of()).forEach(Settlement::removed);
  }

  public void relisted(Index now) {
    for (List<Settlement> settlements : byName.values()) {
      for (Settlement settlement : settlements) {
        ObjectSpec next = settlement.change().next();
        settlement.relisted(now.object(next.type(), next.key()));
      }
    }
  }

  private static List<Settlement> joined(List<Settlement> some, List<Settlement> more) {
    List<Settlement> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
