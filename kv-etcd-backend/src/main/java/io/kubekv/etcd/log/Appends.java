package io.kubekv.etcd.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import io.kubekv.etcd.api.Trimmed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts an entry at its position, in one transaction that holds while nothing stands there and the
 * entry before does. The second is what refuses a late request: at or below the snapshot either an
 * entry stands at its position, or the one before was deleted with it. Thread-safe.
 */
final class Appends {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** An entry that was sent, as it stands in etcd. */
  record Sent(LogEntry entry, ByteString bytes) {}

  private final EtcdClient client;
  private final LogKeys keys;
  private final LongFunction<Told> told;
  private final AtomicLong written = new AtomicLong();
  private volatile @Nullable Sent sent;

  /**
   * @param told what is known of the entry at a position
   */
  Appends(EtcdClient client, LogKeys keys, LongFunction<Told> told) {
    this.client = client;
    this.keys = keys;
    this.told = told;
  }

  /** The entry that was sent last, if these are its bytes. */
  Optional<LogEntry> sent(ByteString bytes) {
    Sent last = sent;
    return last != null && last.bytes().equals(bytes)
        ? Optional.of(last.entry())
        : Optional.empty();
  }

  /** How many bytes of entries were sent. */
  long written() {
    return written.get();
  }

  CompletableFuture<Log.Appended> append(LogEntry entry) {
    Sent last = sent;
    Sent now =
        last != null && last.entry().equals(entry)
            ? last
            : new Sent(entry, UnsafeByteOperations.unsafeWrap(EntryCodec.encode(entry)));
    sent = now;
    written.addAndGet(now.bytes().size());
    return client
        .txn(request(now))
        .thenCompose(answer -> answered(now, answer))
        .exceptionallyCompose(failure -> failed(now, failure));
  }

  private TxnRequest request(Sent entry) {
    long position = entry.entry().position();
    ByteString key = keys.entry(position);
    return TxnRequest.newBuilder()
        .addCompare(Ops.absent(key))
        .addCompare(fence(position - 1))
        .addSuccess(Ops.put(key, entry.bytes()))
        .addFailure(Ops.get(key))
        .addFailure(Ops.get(keys.trimmed()))
        .build();
  }

  /** That the entry before stands, and is the one that is known here. */
  private Compare fence(long before) {
    if (before == 0) {
      return Ops.absent(keys.trimmed());
    }
    long revision = told.apply(before).modRevision();
    return revision == 0
        ? Ops.present(keys.entry(before))
        : Ops.unchanged(keys.entry(before), revision);
  }

  private CompletableFuture<Log.Appended> answered(Sent entry, TxnResponse answer) {
    if (answer.getSucceeded()) {
      return CompletableFuture.completedFuture(new Log.Appended.Ours());
    }
    Optional<KeyValue> there = Ops.found(answer.getResponses(0));
    if (there.isPresent()) {
      return CompletableFuture.completedFuture(what(entry, there.get()));
    }
    long position = entry.entry().position();
    return Trimmed.of(Ops.found(answer.getResponses(1))).snapshot() >= position
        ? CompletableFuture.completedFuture(new Log.Appended.Taken())
        : CompletableFuture.failedFuture(new GapException(position));
  }

  private static Log.Appended what(Sent entry, KeyValue there) {
    return there.getValue().equals(entry.bytes())
        ? new Log.Appended.Ours()
        : new Log.Appended.Taken();
  }

  /**
   * The transaction that finds etcd's quota used up is applied all the same, and answered as if it
   * were not: so what stands there is looked at.
   */
  private CompletableFuture<Log.Appended> failed(Sent entry, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof EtcdFailure known) || known.kind() != EtcdFailure.Kind.OVERLOADED) {
      return CompletableFuture.failedFuture(cause);
    }
    RangeRequest look =
        RangeRequest.newBuilder().setKey(keys.entry(entry.entry().position())).build();
    return client
        .range(look)
        .thenApply(
            there ->
                there.getKvsCount() == 0
                    ? new Log.Appended.Full(PAUSE, "etcd has no room for it: " + known.getMessage())
                    : what(entry, there.getKvs(0)));
  }
}
