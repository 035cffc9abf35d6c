package io.kubekv.etcdv3.watch;

import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.OverLimitException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The watches of one stream by their ids, each of which counts as one of its client's. */
final class OpenWatches {
  /** More on one stream are refused: each costs some hundred bytes. */
  private static final int MAX_WATCHES = 100_000;

  private final Optional<Budget> budget;
  private final Map<Long, StreamWatch> byId = new HashMap<>();
  private long nextId;
  private volatile int count;

  /**
   * @param budget what the client may open; empty where that is not limited
   */
  OpenWatches(Optional<Budget> budget) {
    this.budget = budget;
  }

  /** How many there are; from any thread. */
  int count() {
    return count;
  }

  boolean has(long id) {
    return byId.containsKey(id);
  }

  @Nullable StreamWatch get(long id) {
    return byId.get(id);
  }

  Collection<StreamWatch> all() {
    return byId.values();
  }

  /** Whether there is room for one more, which is counted from now on. */
  boolean tryOpen() {
    if (byId.size() >= MAX_WATCHES) {
      return false;
    }
    try {
      budget.ifPresent(Budget::watchOpens);
      return true;
    } catch (OverLimitException tooMany) {
      return false;
    }
  }

  /** What was counted has not come. */
  void failed() {
    budget.ifPresent(Budget::watchCloses);
  }

  /** The one that was counted, by the id that the client chose, or else by any. */
  void add(long wantedId, StreamWatch watch) {
    long id = wantedId == 0 ? anyId() : wantedId;
    watch.named(id);
    byId.put(id, watch);
    count = byId.size();
  }

  private long anyId() {
    while (byId.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  void remove(StreamWatch watch) {
    if (byId.remove(watch.id(), watch)) {
      watch.close();
      failed();
      count = byId.size();
    }
  }

  void removeAll() {
    List<StreamWatch> left = new ArrayList<>(byId.values());
    left.forEach(this::remove);
  }
}
