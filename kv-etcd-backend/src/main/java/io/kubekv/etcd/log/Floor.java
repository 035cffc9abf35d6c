package io.kubekv.etcd.log;

import io.kubekv.etcd.api.Trimmed;

/** How far a log is trimmed, as a replica knows. Thread-safe. */
final class Floor {
  private volatile Trimmed trimmed = Trimmed.NOTHING;

  Trimmed get() {
    return trimmed;
  }

  void set(Trimmed newTrimmed) {
    trimmed = newTrimmed;
  }
}
