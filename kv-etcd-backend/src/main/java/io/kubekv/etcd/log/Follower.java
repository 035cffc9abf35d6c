package io.kubekv.etcd.log;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import io.kubekv.etcd.api.Trimmed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows a log: reads from the entry on that was told last, to see that it still stands, then
 * watches; and again whenever the watch ends. So a broken connection or a compaction costs a read,
 * and an etcd that was put back to an earlier state is noticed. Thread-safe.
 */
final class Follower implements EtcdClient.Watcher {
  private static final int READ_AT_ONCE = 64;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final EtcdClient client;
  private final LogKeys keys;
  private final Teller teller;
  private boolean continuous;
  private volatile EtcdClient.@Nullable Stream stream;

  Follower(EtcdClient client, LogKeys keys, Teller teller) {
    this.client = client;
    this.keys = keys;
    this.teller = teller;
  }

  /** The entry up to which was told. */
  Told told() {
    return teller.told();
  }

  /** Begins. */
  void read() {
    if (teller.isOver()) {
      return;
    }
    Told from = teller.told();
    TxnRequest request =
        TxnRequest.newBuilder()
            .addSuccess(Ops.get(keys.trimmed()))
            .addSuccess(
                Ops.range(
                    RangeRequest.newBuilder()
                        .setKey(keys.entry(Math.max(1, from.position())))
                        .setRangeEnd(keys.entriesEnd())
                        .setLimit(READ_AT_ONCE)))
            .build();
    var unused =
        client
            .txn(request)
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    took(from, answer);
                  } else {
                    client.reconnect();
                    readLater();
                  }
                });
  }

  private void readLater() {
    CompletableFuture.delayedExecutor(PAUSE.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
        .execute(this::read);
  }

  private synchronized void took(Told from, TxnResponse answer) {
    if (teller.isOver()) {
      return;
    }
    if (from.position() != teller.told().position()) {
      read(); // the watch before has told more
      return;
    }
    RangeResponse entries = answer.getResponses(1).getResponseRange();
    teller.begin(
        Trimmed.of(Ops.found(answer.getResponses(0))),
        entries.getKvsCount() == 0 ? null : entries.getKvs(0),
        continuous);
    entries.getKvsList().forEach(teller::put);
    if (teller.isOver()) {
      return;
    }
    if (entries.getMore()) {
      read();
    } else {
      continuous = true;
      long next = answer.getHeader().getRevision() + 1;
      stream = client.watch(keys.entry(0), keys.logEnd(), next, this);
    }
  }

  @Override
  public synchronized void next(WatchResponse response) {
    if (response.getCanceled()) {
      rewatch();
      return;
    }
    for (Event event : response.getEventsList()) {
      if (event.getType() == Event.EventType.PUT) {
        teller.put(event.getKv());
      } else {
        teller.deleted(event.getKv());
      }
    }
    if (teller.isOver()) {
      close();
    }
  }

  @Override
  public synchronized void ended(EtcdFailure why) {
    client.reconnect();
    readLater();
  }

  /** Reads up to now, whatever the watch tells: it is late, or what it told is doubted. */
  synchronized void rewatch() {
    EtcdClient.Stream open = stream;
    if (!teller.isOver() && open != null) {
      open.close();
      stream = null;
      readLater();
    }
  }

  /** Tells nothing more. Never blocks. */
  void close() {
    teller.end();
    EtcdClient.Stream open = stream;
    if (open != null) {
      open.close();
    }
  }
}
