package io.kubekv.etcd.log;

import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import org.jspecify.annotations.Nullable;

/** One watch of a log; its follower hears it until it is closed. Thread-safe. */
final class LogStream implements EtcdClient.Watcher {
  private final Follower follower;
  private volatile EtcdClient.@Nullable Stream stream;
  private volatile boolean closed;

  LogStream(Follower follower) {
    this.follower = follower;
  }

  /** What has to be closed; the watcher may have heard from it before. */
  void opened(EtcdClient.Stream newStream) {
    stream = newStream;
    if (closed) {
      newStream.close();
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    EtcdClient.Stream open = stream;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void next(WatchResponse response) {
    follower.next(this, response);
  }

  @Override
  public void ended(EtcdFailure why) {
    follower.ended(this);
  }
}
