package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.kubekv.Revision;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key of this process that each of its writes compares: when the key is put again, no write that
 * was sent before can happen any more. So a write whose answer was lost is settled by putting the
 * guard and waiting for that in the watch: either the write's own event stands before, or it never
 * will. A lease removes the key when the process is gone.
 */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final long LEASE_SECONDS = 60;
  private static final Duration KEEP_ALIVE_EVERY = Duration.ofSeconds(15);

  private final Etcd etcd;
  private final ByteString key;
  private long lease;
  private Deadline nextKeepAlive = Deadline.in(Duration.ZERO);
  private volatile Revision revision = Revision.ZERO;

  Guard(Etcd etcd, ByteString key) {
    this.etcd = etcd;
    this.key = key;
  }

  Span span() {
    return Span.of(key);
  }

  /** What a write of now compares. */
  Revision revision() {
    return revision;
  }

  /** Ends the chances of all writes that were sent before; from which revision on. */
  synchronized Revision put(Deadline deadline) throws EtcdFailure {
    try {
      if (lease == 0) {
        lease = etcd.grant(LEASE_SECONDS, deadline).lease();
      }
      revision = Revision.max(revision, new Revision(etcd.mark(key, lease, deadline)));
      return revision;
    } catch (EtcdFailure failed) {
      if (failed.kind() == EtcdFailure.Kind.LEASE_ENDED) {
        lease = 0;
      }
      throw failed;
    }
  }

  /** Puts the key again when it is not as it was: nothing can be written without it. */
  synchronized void restore(Revision found, Deadline deadline) throws EtcdFailure {
    boolean gone = found.equals(Revision.ZERO);
    if (gone || found.isAfter(revision)) {
      if (gone) {
        lease = 0;
      }
      revision = Revision.ZERO;
      put(deadline);
    }
  }

  /** Keeps the key's lease alive, now and then. */
  synchronized void keep(Deadline deadline) throws EtcdFailure {
    if (lease != 0 && nextKeepAlive.passed()) {
      if (!etcd.keepAlive(lease, deadline)) {
        lease = 0;
        put(deadline);
      }
      nextKeepAlive = Deadline.in(KEEP_ALIVE_EVERY);
    }
  }

  /** Frees the key; the lease does so when this fails. */
  synchronized void close() {
    if (lease == 0) {
      return;
    }
    try {
      etcd.revoke(lease, Deadline.in(Duration.ofSeconds(1)));
    } catch (EtcdFailure failed) {
      LOG.debug("the guard is left to its lease: {}", failed.getMessage());
    }
  }
}
