package io.kubekv.etcd.log;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Trimmed;
import io.kubekv.etcd.snapshot.SnapshotWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log on etcd v3, one key an entry, with its snapshots beside it; see the module's DESIGN. Any
 * number of processes may have one on the same prefix. Thread-safe.
 */
public final class EtcdLog implements Log {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdLog.class);

  /** etcd takes 1.5 MiB in a request, keys and comparisons included. */
  private static final int MAX_ENTRY_BYTES = 5 << 18;

  /** A log that is damaged is looked at again now and then. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(1);

  private static final Duration FULL_PAUSE = Duration.ofMillis(500);

  /** About so often a snapshot is asked for while the log fills up. */
  private static final int ASKED = 32;

  private final EtcdClient client;
  private final LogKeys keys;
  private final long room;
  private final Floor floor = new Floor();
  private final Appends appends;
  private final Recovery recovery;
  private final SnapshotWriter writer;
  private final SnapshotFailures failures;
  private final Later later;
  private volatile @Nullable Following following;
  private volatile Told opened = Told.NOTHING;
  private volatile boolean unreadable;
  private volatile boolean closed;

  /** Who follows, who sees to it that it is told in time, and who hears it. */
  private record Following(Follower follower, LateWatch late, Listener listener) {}

  /**
   * @param client is closed with the log
   * @param room how many entries with changes may stand above the newest snapshot; half of them ask
   *     for the next one
   */
  public EtcdLog(EtcdClient client, LogKeys keys, long room) {
    this(client, keys, room, Later.TIMER);
  }

  EtcdLog(EtcdClient client, LogKeys keys, long room, Later later) {
    this.client = client;
    this.later = later;
    this.keys = keys;
    this.room = room;
    this.appends = new Appends(client, keys, this::known);
    this.recovery = new Recovery(client, keys);
    this.writer = new SnapshotWriter(client, keys);
    this.failures = new SnapshotFailures(keys, System::nanoTime);
  }

  @Override
  public CompletableFuture<Recovered> open() {
    return unreadable
        ? CompletableFuture.<Supplier<CompletableFuture<Recovered>>>completedFuture(this::readAside)
            .thenComposeAsync(Supplier::get, task -> later.run(UNREADABLE_PAUSE, task))
        : readAside();
  }

  private CompletableFuture<Recovered> readAside() {
    return aside("open", this::recover)
        .whenComplete((read, failure) -> unreadable = failure instanceof IOException);
  }

  private Recovered recover() throws IOException, EtcdFailure, InterruptedException {
    Recovery.Read read = recovery.read();
    if (read.damaged()) {
      LOG.warn("a new snapshot is written instead of the damaged one");
      mend(read.log().base());
    }
    opened = read.last();
    return read.log();
  }

  /** What was read is whole without the new snapshot: when it fails, the next one does it. */
  private void mend(Root root) throws InterruptedException {
    try {
      floor.set(keep(root));
    } catch (IOException | EtcdFailure told) {
      LOG.warn("the log is used without it");
    }
  }

  /** What is known of the entry at a position. */
  private Told known(long position) {
    Following now = following;
    Told told = now == null ? opened : now.follower().told();
    Told last = told.position() == position ? told : opened;
    return last.position() == position ? last : Told.at(position);
  }

  @Override
  public CompletableFuture<Appended> append(LogEntry entry) {
    long above = entry.position() - floor.get().snapshot();
    if (above > room || (above > room / 2 && above % (room / ASKED + 1) == 0)) {
      wantSnapshot();
    }
    if (above > room && changes(entry)) {
      return CompletableFuture.completedFuture(new Appended.Full(FULL_PAUSE));
    }
    return appends
        .append(entry)
        .whenComplete((what, failure) -> answered(entry.position(), what, failure));
  }

  /** The first entry of an epoch changes nothing: whoever wrote it takes the snapshot. */
  private static boolean changes(LogEntry entry) {
    return !entry.commits().isEmpty() || entry.part().isPresent();
  }

  private void wantSnapshot() {
    Following now = following;
    if (now != null) {
      now.listener().snapshotWanted();
    }
  }

  /** The watch tells of it soon, or is looked after. */
  private void answered(long position, @Nullable Appended what, @Nullable Throwable failure) {
    Following now = following;
    if (now == null) {
      return;
    }
    if (failure instanceof GapException
        || (failure != null && failure.getCause() instanceof GapException)) {
      now.follower().rewatch();
    } else if (what instanceof Appended.Ours || what instanceof Appended.Taken) {
      now.late().answered(position);
    }
  }

  /** The position up to which the log was told here, and etcd's revision of that entry. */
  Told told() {
    Following now = following;
    return now == null ? Told.NOTHING : now.follower().told();
  }

  /** How many entries stand above the newest snapshot, as far as was told here. Cheap. */
  public long used() {
    return Math.max(0, told().position() - floor.get().snapshot());
  }

  @Override
  public void follow(long position, Listener listener) {
    Following before = following;
    if (before != null) {
      before.follower().close();
    }
    Teller teller = new Teller(keys, listener, known(position), appends::sent, floor);
    Follower now = new Follower(client, keys, teller, later);
    following = new Following(now, new LateWatch(now, later), listener);
    now.begin();
  }

  @Override
  public CompletableFuture<Void> snapshot(Root root) {
    return aside("snapshot", () -> keep(root)).thenAccept(floor::set);
  }

  private Trimmed keep(Root root) throws IOException, EtcdFailure, InterruptedException {
    try {
      return writer.write(root);
    } catch (IOException | EtcdFailure | RuntimeException failed) {
      if (!closed) {
        failures.tell(root.position(), failed);
      }
      throw failed;
    }
  }

  /** Runs what waits for several answers on a thread of its own. */
  private static <T> CompletableFuture<T> aside(String task, Callable<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("kubekv-etcd-" + task)
        .start(
            () -> {
              try {
                future.complete(work.call());
              } catch (Exception failure) {
                future.completeExceptionally(failure);
              } catch (Error failure) {
                future.completeExceptionally(failure);
                throw failure;
              }
            });
    return future;
  }

  @Override
  public long written() {
    return appends.written();
  }

  @Override
  public int maxEntryBytes() {
    return MAX_ENTRY_BYTES;
  }

  @Override
  public void close() {
    closed = true;
    Following now = following;
    if (now != null) {
      now.follower().close();
    }
    client.close();
  }
}
