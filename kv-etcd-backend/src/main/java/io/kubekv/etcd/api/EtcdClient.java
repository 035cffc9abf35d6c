package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.etcd.EtcdFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Requests to etcd, one try each, none of which blocks. Their futures fail with {@link EtcdFailure}
 * alone, within a bounded time. What hangs on a future runs on a thread of the connection, and must
 * not wait. Thread-safe.
 */
public interface EtcdClient extends AutoCloseable {
  /** What a watch tells, one after the other. Must neither wait nor throw. */
  interface Watcher {
    /** Changes, in etcd's order, or that the watch has begun. */
    void next(WatchResponse response);

    /** Nothing more comes. */
    void ended(EtcdFailure why);
  }

  /** A watch that goes on until it is closed, or its watcher is told that it has ended. */
  interface Stream extends AutoCloseable {
    @Override
    void close();
  }

  CompletableFuture<RangeResponse> range(RangeRequest request);

  /** A transaction; when it fails with {@link EtcdFailure.Kind#UNKNOWN} it may still happen. */
  CompletableFuture<TxnResponse> txn(TxnRequest request);

  /** A new lease of at least this many seconds; its number. */
  CompletableFuture<Long> grant(long seconds);

  /** Starts a lease's time anew; how long it lives from then, zero when it has ended. */
  CompletableFuture<Duration> keepAlive(long lease);

  /** Ends a lease, with the keys that are attached to it. */
  CompletableFuture<Void> revoke(long lease);

  /** Watches the keys from {@code from} up to {@code end}, from a revision on. */
  Stream watch(ByteString from, ByteString end, long revision, Watcher watcher);

  /** Tries at once what waits for a connection. */
  void reconnect();

  /** What is under way fails. Never blocks; may be repeated. */
  @Override
  void close();
}
