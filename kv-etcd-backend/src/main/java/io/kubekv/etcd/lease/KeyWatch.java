package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import org.jspecify.annotations.Nullable;

/** Runs a task, on the thread of the lease, whenever a key is deleted. For that thread. */
final class KeyWatch implements EtcdClient.Watcher {
  private final EtcdClient client;
  private final ByteString key;
  private final LeaseThread thread;
  private final Runnable deleted;
  private EtcdClient.@Nullable Stream stream;

  KeyWatch(EtcdClient client, ByteString key, LeaseThread thread, Runnable deleted) {
    this.client = client;
    this.key = key;
    this.thread = thread;
    this.deleted = deleted;
  }

  /** Begins, where it has not or was broken off. */
  void from(long revision) {
    if (stream == null) {
      stream = client.watch(key, ByteString.EMPTY, revision, this);
    }
  }

  @Override
  public void next(WatchResponse response) {
    if (response.getCanceled()) {
      thread.run(this::close);
    } else if (response.getEventsList().stream()
        .anyMatch(event -> event.getType() == Event.EventType.DELETE)) {
      thread.run(deleted);
    }
  }

  @Override
  public void ended(EtcdFailure why) {
    thread.run(this::close);
  }

  void close() {
    EtcdClient.Stream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}
