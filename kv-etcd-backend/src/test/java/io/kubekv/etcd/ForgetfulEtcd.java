package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Loses the next change, or the answer to it, when it is told to. */
final class ForgetfulEtcd implements Etcd {
  private enum Fault {
    NONE,
    LOSE_REQUEST,
    LOSE_ANSWER
  }

  private final Etcd etcd;
  private final AtomicReference<Fault> next = new AtomicReference<>(Fault.NONE);

  ForgetfulEtcd(Etcd etcd) {
    this.etcd = etcd;
  }

  void loseNextAnswer() {
    next.set(Fault.LOSE_ANSWER);
  }

  void loseNextRequest() {
    next.set(Fault.LOSE_REQUEST);
  }

  @Override
  public TxnResponse txn(TxnRequest request, Deadline deadline) throws EtcdFailure {
    boolean changes = request.getSuccessList().stream().anyMatch(op -> !op.hasRequestRange());
    if (changes && next.compareAndSet(Fault.LOSE_REQUEST, Fault.NONE)) {
      throw new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "the request was lost");
    }
    TxnResponse answer = etcd.txn(request, deadline);
    if (changes && answer.getSucceeded() && next.compareAndSet(Fault.LOSE_ANSWER, Fault.NONE)) {
      throw new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "the answer was lost");
    }
    return answer;
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
