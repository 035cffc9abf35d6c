package io.kubekv.etcd.log;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchResponse;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An etcd that answers appends at once, and reads and watches when a test says so. An entry's mod
 * revision is its position. For one thread.
 */
final class DrivenEtcd implements EtcdClient {
  static final LogKeys KEYS = new LogKeys("/test/");

  /** Reads of the log that were begun. */
  final List<CompletableFuture<TxnResponse>> reads = new ArrayList<>();

  final List<Opened> watches = new ArrayList<>();
  private volatile Optional<EtcdFailure> failure = Optional.empty();

  /** A watch that was opened. */
  static final class Opened implements Stream {
    private final Watcher watcher;
    private boolean closed;

    private Opened(Watcher watcher) {
      this.watcher = watcher;
    }

    boolean isClosed() {
      return closed;
    }

    void tell(LogEntry entry) {
      watcher.next(
          WatchResponse.newBuilder()
              .addEvents(Event.newBuilder().setType(Event.EventType.PUT).setKv(standing(entry)))
              .build());
    }

    void end() {
      watcher.ended(new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "cut"));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static KeyValue standing(LogEntry entry) {
    return KeyValue.newBuilder()
        .setKey(KEYS.entry(entry.position()))
        .setValue(ByteString.copyFrom(EntryCodec.encode(entry)))
        .setModRevision(entry.position())
        .build();
  }

  /** Answers a read. */
  void answer(CompletableFuture<TxnResponse> read, LogEntry... entries) {
    RangeResponse.Builder found = RangeResponse.newBuilder();
    for (LogEntry entry : entries) {
      found.addKvs(standing(entry));
    }
    read.complete(
        TxnResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setRevision(100))
            .addResponses(
                ResponseOp.newBuilder().setResponseRange(RangeResponse.getDefaultInstance()))
            .addResponses(ResponseOp.newBuilder().setResponseRange(found))
            .build());
  }

  /** All reads fail from now on. */
  void failReads(String why) {
    failure = Optional.of(new EtcdFailure(EtcdFailure.Kind.UNKNOWN, why));
  }

  /** Watches that were opened and are not closed. */
  long open() {
    return watches.stream().filter(watch -> !watch.isClosed()).count();
  }

  @Override
  public CompletableFuture<TxnResponse> txn(TxnRequest request) {
    if (request.getSuccess(0).hasRequestPut()) {
      return CompletableFuture.completedFuture(TxnResponse.newBuilder().setSucceeded(true).build());
    }
    if (failure.isPresent()) {
      return CompletableFuture.failedFuture(failure.get());
    }
    CompletableFuture<TxnResponse> read = new CompletableFuture<>();
    reads.add(read);
    return read;
  }

  @Override
  public Stream watch(ByteString from, ByteString end, long revision, Watcher watcher) {
    Opened opened = new Opened(watcher);
    watches.add(opened);
    return opened;
  }

  @Override
  public CompletableFuture<RangeResponse> range(RangeRequest request) {
    return new CompletableFuture<>();
  }

  @Override
  public CompletableFuture<Long> grant(long seconds) {
    return new CompletableFuture<>();
  }

  @Override
  public CompletableFuture<Duration> keepAlive(long lease) {
    return new CompletableFuture<>();
  }

  @Override
  public CompletableFuture<Void> revoke(long lease) {
    return new CompletableFuture<>();
  }

  @Override
  public void reconnect() {}

  @Override
  public void close() {}
}
