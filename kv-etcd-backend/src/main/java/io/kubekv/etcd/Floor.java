package io.kubekv.etcd;

import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.Optional;

/** How far back etcd remembers: all that was compacted is gone. Thread-safe. */
final class Floor {
  private static final Revision FIRST = new Revision(1);

  private final Etcd etcd;
  private final Span any;
  private volatile Revision compacted = Revision.ZERO;

  /**
   * @param any a key that may be asked for
   */
  Floor(Etcd etcd, Span any) {
    this.etcd = etcd;
    this.any = any;
  }

  /**
   * The first revision that can be watched from. An event at the compacted revision itself may be
   * there, but the value before it is not.
   */
  Revision oldest() {
    return compacted.next();
  }

  /** Notes that etcd has said where it is compacted. */
  void compactedAt(long revision) {
    compacted = Revision.max(compacted, new Revision(revision));
  }

  /** Forgets what it knew, for an etcd that has gone back in time. */
  void reset() {
    compacted = Revision.ZERO;
  }

  /** Looks whether etcd was compacted further. Asks once, and a second time if it was. */
  void refresh(Deadline deadline) throws EtcdFailure {
    RangeRequest question =
        RangeRequest.newBuilder()
            .setKey(any.from())
            .setRevision(Revision.max(FIRST, compacted).value())
            .setCountOnly(true)
            .build();
    try {
      etcd.range(question, deadline);
    } catch (EtcdFailure failed) {
      if (failed.kind() != EtcdFailure.Kind.OUT_OF_RANGE) {
        throw failed;
      }
      ask(deadline);
    }
  }

  /** Only a watch is told the number. */
  private void ask(Deadline deadline) throws EtcdFailure {
    long from = Revision.max(FIRST, compacted).value();
    try (EtcdStream stream = etcd.watch(any.from(), any.end(), from, false)) {
      while (!deadline.passed()) {
        Optional<WatchResponse> answer = stream.next(Duration.ofNanos(deadline.left()));
        if (answer.isPresent() && answer.get().getCompactRevision() > 0) {
          compactedAt(answer.get().getCompactRevision());
          return;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
