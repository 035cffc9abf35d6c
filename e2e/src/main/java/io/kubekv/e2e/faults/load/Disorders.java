package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Disorder;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** What ZooKeeper's sessions were told and must not be, and how often that was looked for. */
final class Disorders {
  private final History history;
  private final AtomicInteger compared = new AtomicInteger();

  Disorders(History history) {
    this.history = history;
  }

  void add(String client, Endpoint at, String told) {
    history.add(new Disorder(client, at.name(), System.nanoTime(), told));
  }

  /** Adds what ended a connection, if it is one. */
  void addIf(IOException lost, Endpoint at) {
    if (lost instanceof ZooKeeperSession.OrderException) {
      add("a session", at, String.valueOf(lost.getMessage()));
    }
  }

  /** A version was compared with what was known of the node before. */
  void compared() {
    compared.incrementAndGet();
  }

  /** How many versions were. */
  int comparisons() {
    return compared.get();
  }
}
