package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps one change back as a network may, and delivers it when nobody waits for it any more. */
final class LateEtcd implements Etcd {
  private final Etcd etcd;
  private boolean keeping;
  private Optional<TxnRequest> kept = Optional.empty();

  LateEtcd(Etcd etcd) {
    this.etcd = etcd;
  }

  synchronized void keepNext() {
    keeping = true;
  }

  /** Delivers what was kept; whether it was applied. */
  synchronized boolean deliver() {
    try {
      return etcd.txn(kept.orElseThrow(), Deadline.in(Duration.ofSeconds(10))).getSucceeded();
    } catch (EtcdFailure failed) {
      throw new AssertionError(failed);
    }
  }

  private synchronized boolean keeps(TxnRequest request) {
    boolean changes = request.getSuccessList().stream().anyMatch(op -> !op.hasRequestRange());
    if (keeping && changes) {
      kept = Optional.of(request);
      keeping = false;
      return true;
    }
    return false;
  }

  @Override
  public TxnResponse txn(TxnRequest request, Deadline deadline) throws EtcdFailure {
    if (keeps(request)) {
      throw new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "no answer came");
    }
    return etcd.txn(request, deadline);
  }

  @Override
  public RangeResponse range(RangeRequest request, Deadline deadline) throws EtcdFailure {
    return etcd.range(request, deadline);
  }

  @Override
  public long mark(ByteString key, long lease, Deadline deadline) throws EtcdFailure {
    return etcd.mark(key, lease, deadline);
  }

  @Override
  public Grant grant(long seconds, Deadline deadline) throws EtcdFailure {
    return etcd.grant(seconds, deadline);
  }

  @Override
  public boolean keepAlive(long lease, Deadline deadline) throws EtcdFailure {
    return etcd.keepAlive(lease, deadline);
  }

  @Override
  public void revoke(long lease, Deadline deadline) throws EtcdFailure {
    etcd.revoke(lease, deadline);
  }

  @Override
  public EtcdStream watch(ByteString from, ByteString end, long revision, boolean previous) {
    return etcd.watch(from, end, revision, previous);
  }

  @Override
  public List<EtcdCluster.Member> members(Deadline deadline) {
    return etcd.members(deadline);
  }

  @Override
  public void reconnect() {
    etcd.reconnect();
  }

  @Override
  public void close() {
    etcd.close();
  }
}
