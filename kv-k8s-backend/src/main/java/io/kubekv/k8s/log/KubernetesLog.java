package io.kubekv.k8s.log;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.Revision;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObserver;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.api.ObservedObjectApi;
import io.kubekv.k8s.snapshot.DamagedException;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a Kubernetes API: a ring of {@code StoreLog} objects, with snapshots of {@code
 * StoreChunk} objects that a {@code StoreManifest} names, and segments of entries between the two.
 * Thread-safe.
 */
public final class KubernetesLog implements Log {
  private static final Logger log = LoggerFactory.getLogger(KubernetesLog.class);

  /** A value of a MiB with what surrounds it: in base64 still below etcd's 1.5 MiB a request. */
  static final int MAX_ENTRY_BYTES = (1 << 20) + (48 << 10);

  /** How long a log that is damaged is left alone. */
  private static final Duration DAMAGED_PAUSE = Duration.ofSeconds(1);

  private final ObjectApi api;
  private final KubernetesLogSettings settings;
  private final SnapshotObjects snapshots;
  private final Recovery recovery;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kubekv-log-", 0).factory());

  /** Snapshots are written one at a time. */
  private final ExecutorService snapshotThread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("kubekv-snapshot").factory());

  private final Room room = new Room(threads);
  private final Mending mending;
  private final SegmentWriter segments;
  private final RingView view = new RingView(room::trimmed, this::harmed);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<Running> running = Optional.empty();
  private volatile Revision snapshot = Revision.ZERO;
  private volatile long snapshotAt;
  private final AtomicLong snapshotsWritten = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  /** What there is once it is known how many slots the log has. */
  private record Running(int slots, RingWatch watch, Appender appender) {}

  KubernetesLog(ObjectApi api, KubernetesLogSettings settings) {
    this.api = api;
    this.settings = settings;
    this.snapshots =
        new SnapshotObjects(api, settings.snapshotBytesPerSecond(), settings.keepChunks());
    this.recovery = new Recovery(api, snapshots, settings.slots());
    this.mending = new Mending(api, room, threads);
    this.segments = new SegmentWriter(api, snapshots, view, room, settings.segments(), threads);
  }

  /**
   * The log of a namespace, where the types of {@link LogKinds} must be served.
   *
   * @param client stays the caller's; it must not repeat requests: {@code requestRetryBackoffLimit}
   *     0
   */
  public static KubernetesLog in(KubernetesClient client, KubernetesLogSettings settings) {
    return in(client, settings, ApiObserver.NONE);
  }

  /**
   * As above.
   *
   * @param observer hears of its calls
   */
  public static KubernetesLog in(
      KubernetesClient client, KubernetesLogSettings settings, ApiObserver observer) {
    ObjectApi api = new HttpObjectApi(client, settings.namespace(), settings.requestTimeout());
    return new KubernetesLog(new ObservedObjectApi(api, observer), settings);
  }

  /** Whether no entry stands in it, as far as is known here. */
  public boolean isNew() {
    return room.trimmed() == 0 && view.ask(ring -> ring.newest() == 0).orElse(false);
  }

  /** How it is now. Cheap enough to be asked once a second. */
  public RingFigures figures() {
    long trimmed = room.trimmed();
    Optional<RingWatch> watch = running.map(Running::watch);
    SegmentWriter.Standing copied = segments.standing();
    return new RingFigures(
        view.ask(ring -> ring.bytesAfter(trimmed)).orElse(0L),
        view.ask(ring -> Math.max(0, ring.newest() - trimmed)).orElse(0L),
        running.map(Running::slots).orElse(0),
        copied.segments(),
        copied.bytes(),
        snapshot,
        snapshotsWritten.get(),
        view.damaged().size(),
        watch.map(RingWatch::lists).orElse(0L),
        watch.map(RingWatch::silence).orElse(Duration.ZERO));
  }

  private <T> CompletableFuture<T> on(ExecutorService executor, Callable<T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            answer.complete(task.call());
          } catch (Exception | Error failure) {
            answer.completeExceptionally(failure);
          }
        };
    if (closed.getCount() == 0) {
      return CompletableFuture.failedFuture(new IOException("the log is closed"));
    }
    try {
      executor.execute(run);
    } catch (RejectedExecutionException closing) {
      answer.completeExceptionally(closing);
    }
    return answer;
  }

  @Override
  public CompletableFuture<Recovered> open() {
    return on(threads, this::recover);
  }

  private Recovered recover()
      throws ApiCallException, DamagedException, InterruptedException, TimeoutException {
    try {
      Recovery.Result result = recovery.run();
      room.trimmed(result.trimmed());
      segments.opened(result.recovered().base().position(), result.segments());
      result.harmedUpTo().ifPresent(segments::distrust);
      snapshot = result.recovered().base().state().revision();
      snapshotAt = result.recovered().base().position();
      awaitView(result.slots());
      return result.recovered();
    } catch (DamagedException damaged) {
      boolean closing = closed.await(DAMAGED_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      log.debug("the log is damaged, closing: {}", closing, damaged);
      throw new DamagedException(
          ("the log in namespace %s is damaged: %s. A replica that still runs mends it, and this"
                  + " one goes on by itself. If none does, restore the StoreLog, StoreChunk and"
                  + " StoreManifest objects from a backup of the API's storage")
              .formatted(settings.namespace(), damaged.getMessage()));
    }
  }

  private void awaitView(int slots)
      throws ApiCallException, InterruptedException, TimeoutException {
    CompletableFuture<Void> seen = watch(slots);
    try {
      Void unused = seen.get(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw new ApiCallException(HttpObjectApi.failureOf(failed));
    }
  }

  private synchronized CompletableFuture<Void> watch(int slots) {
    Optional<Running> known = running.filter(now -> now.slots() == slots);
    if (known.isPresent()) {
      return known.get().watch().listed();
    }
    running.ifPresent(now -> now.watch().close());
    RingWatch watch = new RingWatch(api, view, slots);
    running =
        Optional.of(
            new Running(
                slots, watch, new Appender(api, view, room, watch, segments, written::addAndGet)));
    if (closed.getCount() > 0) {
      watch.start();
    }
    return watch.listed();
  }

  @Override
  public CompletableFuture<Appended> append(LogEntry entry) {
    Optional<Running> now = running;
    return closed.getCount() > 0 && now.isPresent()
        ? now.get().appender().append(entry)
        : CompletableFuture.failedFuture(
            new ApiCallException(new ApiFailure.Unreachable("the log is not open")));
  }

  @Override
  public void follow(long position, Listener listener) {
    if (closed.getCount() > 0) {
      view.follow(position, listener);
      if (view.lacksWhatWasTold() || view.lacksWhatIsNext()) {
        // the watch is behind, or the log was put back: a list tells which; or it was told before
        running.ifPresent(now -> now.watch().suspect());
      }
    }
  }

  @Override
  public CompletableFuture<Void> snapshot(Root root) {
    return on(
        snapshotThread,
        () -> {
          keep(root);
          return null;
        });
  }

  private void harmed() {
    mending.begin(view);
  }

  private void keep(Root root) throws ApiCallException, InterruptedException {
    int slots = running.map(Running::slots).orElse(settings.slots());
    long before = snapshotAt; // the snapshot before this one, or an earlier one
    try {
      long position = snapshots.write(root, slots, () -> view.ask(room::isScarce).orElse(false));
      room.trimmed(position);
      segments.snapshotStands(position);
      snapshotAt = position;
      if (position == root.position()) {
        snapshot = root.state().revision();
        snapshotsWritten.incrementAndGet();
      }
      mending.run(view.damaged(), position);
      if (position > before) { // else nobody knows here where the snapshot before it is
        mending.empty(
            view.ask(ring -> ring.inExcess(before, settings.mostStandingBytes()))
                .orElse(List.of()));
      }
    } catch (ApiCallException failed) {
      log.warn("the snapshot at position {} failed: {}", root.position(), failed.getMessage());
      throw failed;
    }
  }

  @Override
  public long written() {
    return written.get();
  }

  @Override
  public boolean asksForSnapshots() {
    return true;
  }

  @Override
  public int maxEntryBytes() {
    return MAX_ENTRY_BYTES;
  }

  @Override
  public int maxParts() {
    return running.map(Running::slots).orElse(settings.slots()) / 2;
  }

  @Override
  public void close() {
    closed.countDown();
    view.close();
    synchronized (this) {
      running.ifPresent(now -> now.watch().close());
    }
    snapshotThread.shutdownNow();
    threads.shutdownNow();
  }
}
