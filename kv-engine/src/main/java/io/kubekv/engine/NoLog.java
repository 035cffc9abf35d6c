package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Keeps nothing: every entry is decided as soon as it is appended. For a store in memory. */
final class NoLog implements Log {
  private volatile @Nullable Listener listener;

  @Override
  public CompletableFuture<Recovered> open() {
    return CompletableFuture.completedFuture(new Recovered(Root.EMPTY, List.of()));
  }

  @Override
  public CompletableFuture<Appended> append(LogEntry entry) {
    Listener following = listener;
    if (following != null) {
      following.decided(entry);
    }
    return CompletableFuture.completedFuture(new Appended.Ours());
  }

  @Override
  public void follow(long position, Listener newListener) {
    listener = newListener;
  }

  @Override
  public CompletableFuture<Void> snapshot(Root root) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public int maxEntryBytes() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    listener = null;
  }
}
