package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Gives every write of this process an id that no other write has. Thread-safe. */
final class WriteIds {
  private final String process = UUID.randomUUID().toString();
  private final AtomicLong count = new AtomicLong();

  /** The id of a write that replaces {@code base}, or makes an object when there is none. */
  WriteId next(Optional<StoredObject> base) {
    return new WriteId(
        process + "-" + count.incrementAndGet(),
        base.map(StoredObject::revision).orElse(Revision.ZERO));
  }
}
