package io.kubekv.zookeeper.watch;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one watch of the whole store, which is open while somebody wants it. Used on the event loop
 * alone.
 */
final class Upstream {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final KeyValueStore store;
  private final Executor loop;
  private final Listener listener;
  private @Nullable Watch watch;
  private @Nullable CompletableFuture<Long> opening;

  /** Events up to this revision have been told. */
  private long position;

  /** Who is told of what the store tells. */
  interface Listener {
    /** All that comes after a revision is told from now on. */
    void begins(long revision);

    void tell(WatchEvent event);

    /** Something is missing. */
    void lost();
  }

  Upstream(KeyValueStore store, Executor loop, Listener listener) {
    this.store = store;
    this.loop = loop;
    this.listener = listener;
  }

  boolean isOpen() {
    return watch != null;
  }

  long position() {
    return position;
  }

  /** Which revision a read must have at least whose watch is to miss nothing. Never blocks. */
  CompletableFuture<Long> opened() {
    if (watch != null) {
      return CompletableFuture.completedFuture(position);
    }
    if (opening == null) {
      CompletableFuture<Revision> now = store.revision(Freshness.STALE);
      CompletableFuture<Long> begun =
          now.isDone() ? now.thenApply(this::open) : now.thenApplyAsync(this::open, loop);
      if (begun.isDone()) {
        return begun;
      }
      opening = begun;
      var unused = begun.whenComplete((done, failed) -> opening = null);
    }
    return opening;
  }

  /** "From now" would have a follower ask the holder, and wait for it on this thread. */
  private long open(Revision now) {
    watch = store.watch(WatchRequest.from(Range.all(), now.next()));
    position = now.value();
    listener.begins(position);
    pump();
    return position;
  }

  /** Tells of all that is known. */
  @SuppressWarnings("ReferenceEquality") // the same watch
  void pump() {
    try {
      for (Watch opened = watch; opened != null && opened == watch; ) {
        Optional<WatchEvent> event = opened.next(Duration.ZERO);
        if (event.isEmpty()) {
          opened.whenReady(() -> loop.execute(this::pump));
          return;
        }
        tell(event.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      listener.lost();
    } catch (StoreException gone) {
      log.warn("the store cannot be watched, clients have to connect again: {}", gone.getMessage());
      listener.lost();
    }
  }

  private void tell(WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> {
        listener.tell(put);
        reached(put.revision().value());
      }
      case WatchEvent.Delete delete -> {
        listener.tell(delete);
        reached(delete.revision().value());
      }
      case WatchEvent.Progress progress -> reached(progress.revision().value());
      case WatchEvent.HistoryGone gone -> listener.lost();
    }
  }

  private void reached(long revision) {
    position = Math.max(position, revision);
  }

  /**
   * Completes when all up to a revision has been told, if it is open; fails where it cannot be
   * found out whether it has.
   */
  CompletableFuture<Void> told(long revision) {
    pump();
    if (watch == null || position >= revision) {
      return DONE;
    }
    CompletableFuture<Revision> here =
        store.revision(new Freshness.AtLeast(new Revision(revision)));
    return here.isDone()
        ? here.thenCompose(now -> toldUpTo(revision))
        : here.thenComposeAsync(now -> toldUpTo(revision), loop);
  }

  private CompletableFuture<Void> toldUpTo(long revision) {
    pump();
    reached(revision);
    return DONE;
  }

  void close() {
    Watch opened = watch;
    watch = null;
    if (opened != null) {
      opened.close();
    }
  }
}
