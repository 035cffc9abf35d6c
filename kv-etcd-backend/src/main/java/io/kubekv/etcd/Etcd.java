package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.List;

/**
 * The requests to etcd that a store makes, one try each. Thread-safe; all but {@link #watch} block.
 * A thread that is interrupted gets {@link EtcdFailure} and stays interrupted.
 */
interface Etcd extends AutoCloseable {
  RangeResponse range(RangeRequest request, Deadline deadline) throws EtcdFailure;

  /** A transaction; when it fails with {@link EtcdFailure.Kind#UNKNOWN} it may still happen. */
  TxnResponse txn(TxnRequest request, Deadline deadline) throws EtcdFailure;

  /** Puts a key that only bounds what may still happen; the revision. */
  long mark(ByteString key, long lease, Deadline deadline) throws EtcdFailure;

  /** A new lease of at least this many seconds. */
  Grant grant(long seconds, Deadline deadline) throws EtcdFailure;

  /** Starts a lease's time anew; whether it lives. */
  boolean keepAlive(long lease, Deadline deadline) throws EtcdFailure;

  /** Ends a lease, with the keys that are attached to it. */
  void revoke(long lease, Deadline deadline) throws EtcdFailure;

  /**
   * Watches a range from a revision on.
   *
   * @param previous whether events shall carry the previous values
   */
  EtcdStream watch(ByteString from, ByteString end, long revision, boolean previous);

  /** Asks every member how it is; what does not answer in time says so in the answer. */
  List<EtcdCluster.Member> members(Deadline deadline);

  /** Tries at once what waits for a connection. */
  void reconnect();

  @Override
  void close();

  /**
   * A new lease.
   *
   * @param lease its number
   * @param life how long it lives by etcd's word
   */
  record Grant(long lease, Duration life) {}
}
