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
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a log: reads from the entry on that was told last, to see that it still stands, then
 * watches; and again whenever the watch ends. So a broken connection or a compaction costs a read,
 * and an etcd that was put back to an earlier state is noticed. It either reads or watches, once at
 * a time. Thread-safe.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final int READ_AT_ONCE = 64;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** After what nobody has foreseen, which may well happen again. */
  private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

  private final EtcdClient client;
  private final LogKeys keys;
  private final Teller teller;
  private final Later later;
  private boolean continuous;
  private boolean reading;
  private boolean warned;
  private volatile @Nullable LogStream stream;

  Follower(EtcdClient client, LogKeys keys, Teller teller, Later later) {
    this.client = client;
    this.keys = keys;
    this.teller = teller;
    this.later = later;
  }

  /** The entry up to which was told. */
  Told told() {
    return teller.told();
  }

  /** Whether nothing more is told. */
  boolean isOver() {
    return teller.isOver();
  }

  /** Begins. Called once. */
  synchronized void begin() {
    reading = true;
    read();
  }

  private void read() {
    if (teller.isOver()) {
      return;
    }
    // begun inside the future: what is thrown at once is a failure like any other
    var unused =
        CompletableFuture.completedFuture(client)
            .thenCompose(etcd -> etcd.txn(request()))
            .thenAccept(this::took)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    failed(failure);
                  }
                });
  }

  private TxnRequest request() {
    return TxnRequest.newBuilder()
        .addSuccess(Ops.get(keys.trimmed()))
        .addSuccess(
            Ops.range(
                RangeRequest.newBuilder()
                    .setKey(keys.entry(Math.max(1, teller.told().position())))
                    .setRangeEnd(keys.entriesEnd())
                    .setLimit(READ_AT_ONCE)))
        .build();
  }

  private synchronized void took(TxnResponse answer) {
    if (teller.isOver()) {
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
      reading = false;
      watch(answer.getHeader().getRevision() + 1);
    }
  }

  private void watch(long revision) {
    LogStream now = new LogStream(this);
    stream = now;
    now.opened(client.watch(keys.entry(0), keys.logEnd(), revision, now));
    if (teller.isOver()) {
      now.close();
    }
  }

  private synchronized void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof EtcdFailure) {
      client.reconnect();
      readAfter(PAUSE);
    } else {
      warnOnce(cause);
      readAfter(LONG_PAUSE);
    }
  }

  private void warnOnce(Throwable unforeseen) {
    if (!warned && !teller.isOver()) {
      warned = true;
      LOG.warn(
          "what etcd tells of the log could not be taken; from the key {} on it is read again each"
              + " second, and nothing more is said of that",
          keys.entry(teller.told().position()).toStringUtf8(),
          unforeseen);
    }
  }

  /** Ends the watch, and reads what it has not told. */
  private void readAfter(Duration pause) {
    LogStream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
    if (!teller.isOver()) {
      reading = true;
      later.run(pause, this::read);
    }
  }

  /** Reads up to now, whatever the watch tells: it is late, or what it told is doubted. */
  synchronized void rewatch() {
    if (!reading) {
      readAfter(PAUSE);
    }
  }

  /** Tells nothing more. Never blocks. */
  void close() {
    teller.end();
    LogStream open = stream;
    if (open != null) {
      open.close();
    }
  }

  /** What a watch tells; it counts while it is the one that is followed. */
  synchronized void next(LogStream from, WatchResponse response) {
    if (from.isClosed()) {
      return;
    }
    if (response.getCanceled()) {
      rewatch();
      return;
    }
    try {
      tell(response);
    } catch (RuntimeException unforeseen) {
      failed(unforeseen);
    }
  }

  synchronized void ended(LogStream watch) {
    if (!watch.isClosed()) {
      client.reconnect();
      rewatch();
    }
  }

  private void tell(WatchResponse response) {
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
}
