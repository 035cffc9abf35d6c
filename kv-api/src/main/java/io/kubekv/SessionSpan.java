package io.kubekv;

/** How long a session with a time to live lives without a renewal. */
public enum SessionSpan {
  /** Twice the time to live: Consul's sessions (Consul 1.5, {@code SessionTTLMultiplier}). */
  TWICE(2),
  /** The time to live: etcd v3's leases and ZooKeeper's sessions. */
  ONCE(1);

  private final int times;

  SessionSpan(int times) {
    this.times = times;
  }

  /** How many times the time to live that is. */
  public int times() {
    return times;
  }
}
