package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.engine.log.Lease;
import org.jspecify.annotations.Nullable;

/** Tells a listener what it does not know yet. For one thread. */
final class Told {
  private static final int NAME_BYTES = 256;

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

  /** Somebody has the lease, who has written his name in its key. */
  void has(KeyValue holder) {
    ByteString name = holder.getValue();
    lost(name.substring(0, Math.min(name.size(), NAME_BYTES)).toStringUtf8() + " has the lease");
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
