package io.kubekv.e2e.faults.load;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What ZooKeeper's sessions were told and must not be: of the past. Thread-safe. */
final class Disorders {
  private final List<String> all = new CopyOnWriteArrayList<>();

  void add(String what) {
    all.add(what);
  }

  List<String> all() {
    return List.copyOf(all);
  }
}
