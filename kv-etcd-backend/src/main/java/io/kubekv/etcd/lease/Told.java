package io.kubekv.etcd.lease;

import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.SharedLease.Holder;
import org.jspecify.annotations.Nullable;

/** Tells a listener what it does not know yet. For one thread. */
final class Told {
  private Lease.@Nullable Listener listener;
  private String said = "";

  void to(Lease.Listener newListener) {
    listener = newListener;
  }

  void taken(Lease.Term term) {
    said = "";
    if (listener != null) {
      listener.taken(term);
    }
  }

  /** Somebody else has the lease. */
  void has(Holder holder) {
    lost(holder.identity() + " has the lease");
  }

  void lost(String reason) {
    if (listener != null && !reason.equals(said)) {
      said = reason;
      listener.lost(reason);
    }
  }

  /** Nothing more. */
  void end() {
    listener = null;
  }
}
