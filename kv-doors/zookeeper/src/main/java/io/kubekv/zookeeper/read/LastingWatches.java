package io.kubekv.zookeeper.read;

import io.kubekv.Freshness;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.watch.WatchedRead;
import io.kubekv.zookeeper.watch.Watches;
import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/** Watches that stay until they are removed. */
public final class LastingWatches {
  private LastingWatches() {}

  /** Waits for all that comes of a path, for whoever may read all that it is told of. */
  public static CompletableFuture<Revision> on(Call call, String path, boolean recursive) {
    return on(call, List.of(path), recursive, Runnable::run)
        .thenApply(
            since -> {
              call.watcher().owes(since.value());
              return since;
            });
  }

  /** The same of those that a client had on its former connection. */
  static CompletableFuture<Revision> former(Call call, List<String> paths, boolean recursive) {
    List<String> valid = paths.stream().filter(Path::isValid).toList();
    return on(call, valid, recursive, FormerWatches::waiting);
  }

  private static CompletableFuture<Revision> on(
      Call call, List<String> paths, boolean recursive, Executor adding) {
    Watches watches = call.watches();
    return watches.reading(
        WatchedRead.lasting(call.nodes(), freshness -> seen(call, paths, recursive, freshness)),
        now -> {
          AtomicReference<Revision> since = new AtomicReference<>(now);
          adding.execute(
              () ->
                  paths.forEach(
                      path -> since.set(watches.addLasting(path, call.watcher(), recursive, now))));
          return since.get();
        });
  }

  /** The present revision, for whoever may read all that lasting watches tell of. */
  private static CompletableFuture<Revision> seen(
      Call call, List<String> paths, boolean recursive, Freshness freshness) {
    List<TransactionOperation> reads = new ArrayList<>();
    for (String path : paths) {
      if (Path.isValid(path) && !Special.is(path)) {
        reads.add(new TransactionOperation.Get(Path.key(path)));
        Prefix below = Path.below(path);
        reads.add(
            recursive
                ? new TransactionOperation.ListRange(
                    ListRequest.of(new Range.WithPrefix(below)).withLimit(1))
                : new TransactionOperation.Directory(below));
      }
    }
    return reads.isEmpty()
        ? call.nodes().revision(freshness)
        : call.nodes()
            .committed(reads, freshness)
            .thenApply(TransactionOutcome.Committed::revision);
  }
}
