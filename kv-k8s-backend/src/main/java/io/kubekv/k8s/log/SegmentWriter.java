package io.kubekv.k8s.log;

import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.Segment;
import io.kubekv.k8s.snapshot.SegmentList;
import io.kubekv.k8s.snapshot.SegmentObjects;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies entries out of the ring, so that slots may be used again without a snapshot of the whole
 * state. Done by the replica that writes entries; one that was deposed meanwhile does no harm, as
 * what stands at a position is the same for everybody. Asks for a snapshot where copying does not
 * help. Never blocks where nothing else is said; thread-safe.
 */
final class SegmentWriter {
  private static final Logger log = LoggerFactory.getLogger(SegmentWriter.class);

  private static final int ATTEMPTS = 8;

  /** How many chunks there may be for each writing without a look whether all stand. */
  private static final int CHUNKS_PER_WRITING = 64;

  private final SnapshotObjects snapshots;
  private final SegmentObjects segments;
  private final RingView view;
  private final Room room;
  private final Executor threads;
  private final OwnEntries own = new OwnEntries();
  private final SegmentCopying copying;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean due;
  private volatile long distrusted = -1;
  private volatile Known known = new Known(0, SegmentList.NONE);
  private volatile String told = "";
  private long writings = Long.MAX_VALUE / 2;

  /**
   * What is above the snapshot.
   *
   * @param segments how many
   * @param bytes how large they are together, in base64
   */
  record Standing(int segments, long bytes) {}

  /** What was seen last. */
  private record Known(long snapshot, SegmentList list) {}

  /**
   * @param most how many segments there may be above the snapshot
   * @param threads where it happens; not taken over
   */
  SegmentWriter(
      ObjectApi api,
      SnapshotObjects snapshots,
      RingView view,
      Room room,
      int most,
      Executor threads) {
    this.snapshots = snapshots;
    this.segments = snapshots.segments();
    this.view = view;
    this.room = room;
    this.copying = new SegmentCopying(api, segments, view, own, most);
    this.threads = threads;
  }

  Standing standing() {
    Known now = known;
    List<Segment> above = now.list().after(now.snapshot());
    return new Standing(
        above.size(), above.stream().mapToLong(one -> 4L * ((one.bytes() + 2) / 3)).sum());
  }

  /** An entry of ours stands. */
  void appended(LogEntry entry, byte[] encoded) {
    own.add(entry, encoded);
    if (due) {
      view.wantSnapshot();
    }
    long used = entry.position() - room.trimmed();
    if (used > view.ask(Ring::size).orElse(Integer.MAX_VALUE) / 2) {
      begin();
    }
  }

  /** There is no room for an entry of ours, or soon will be none. */
  void begin() {
    if (due) {
      view.wantSnapshot();
    }
    if (!running.getAndSet(true)) {
      try {
        threads.execute(this::run);
      } catch (RejectedExecutionException closing) {
        log.debug("the log is closed: nothing is copied out of the ring any more");
      }
    }
  }

  /**
   * A snapshot that this replica has not read, or segments, may not be whole: until there is a
   * newer snapshot nothing that only they have is given up.
   *
   * @param position up to which they reach
   */
  void distrust(long position) {
    distrusted = position;
    due = true;
  }

  /** The log was read, up to a snapshot and segments that are whole. */
  void opened(long snapshot, SegmentList list) {
    own.forgetUpTo(Long.MAX_VALUE);
    known = new Known(snapshot, list);
  }

  /** A snapshot of this replica stands. */
  void snapshotStands(long position) {
    if (position >= distrusted) {
      distrusted = -1;
      due = false;
    }
    known = new Known(Math.max(position, known.snapshot()), known.list());
    own.forgetUpTo(room.trimmed());
  }

  /** Why there is no room, in words for those who are refused. */
  String whyFull() {
    String trouble = told;
    return trouble.isEmpty() ? "the log is full" : "the log is full: " + trouble;
  }

  /** Finds out whether another replica has made room. */
  CompletableFuture<?> lookForRoom() {
    return snapshots
        .lookAtManifest()
        .thenCombine(
            segments.look(),
            (manifest, list) -> {
              manifest.filter(found -> !found.foreign()).ifPresent(found -> take(found, list));
              return list;
            });
  }

  private void take(Manifest manifest, SegmentList list) {
    if (manifest.position() <= distrusted) {
      return;
    }
    room.trimmed(manifest.position());
    if (list.stands() && !list.foreign() && list.from() <= manifest.position()) {
      room.trimmed(list.to());
      known = new Known(manifest.position(), list);
    }
  }

  private void run() {
    try {
      boolean more = true;
      for (int attempt = 1; more && attempt <= ATTEMPTS; attempt++) {
        more = copySome();
        told = "";
      }
    } catch (NeedsSnapshotException needed) {
      tell(String.valueOf(needed.getMessage()));
      due = true;
      view.wantSnapshot();
    } catch (ApiCallException | IOException failed) {
      tell("entries of the log could not be copied out of the ring: " + failed.getMessage());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unforeseen) {
      log.error("copying entries out of the ring failed in a way nobody expected", unforeseen);
      due = true;
    } finally {
      running.set(false);
    }
  }

  private void tell(String what) {
    if (!what.equals(told)) {
      told = what;
      log.warn("{}", what);
    }
  }

  /** Whether there is more to do. Blocks. */
  private boolean copySome()
      throws ApiCallException, IOException, InterruptedException, NeedsSnapshotException {
    Manifest manifest =
        snapshots
            .manifest()
            .filter(found -> !found.foreign())
            .orElseThrow(
                () -> new NeedsSnapshotException("StoreManifest snapshot was harmed by others"));
    SegmentList before = segments.list();
    refuseHarmed(manifest, before);
    take(manifest, before);
    long newest = view.ask(Ring::newest).orElse(0L);
    int slots = view.ask(Ring::size).orElse(0);
    if (newest <= room.trimmed()) {
      return false;
    }
    SegmentList next = copying.copied(manifest, before, newest, slots);
    SegmentList stands = segments.put(next, slots);
    writings++;
    if (stands.foreign() || !stands.segments().equals(next.segments())) {
      return true;
    }
    take(manifest, stands);
    own.forgetUpTo(room.trimmed());
    if (copying.isNearlyFull(stands.after(manifest.position()))) {
      due = true;
    }
    return newest - stands.to() > slots / 4;
  }

  /** What others have deleted or changed is not built upon: only a snapshot has it still. */
  private void refuseHarmed(Manifest manifest, SegmentList list)
      throws ApiCallException, InterruptedException, NeedsSnapshotException {
    List<String> names = new ArrayList<>(manifest.chunks());
    list.after(manifest.position()).forEach(segment -> names.add(segment.chunk()));
    if (writings < names.size() / CHUNKS_PER_WRITING) {
      return;
    }
    List<String> harmed = segments.harmed(names);
    if (!harmed.isEmpty()) {
      throw new NeedsSnapshotException(
          "StoreChunk %s was deleted or changed by others: a fresh snapshot is taken in its place."
                  .formatted(harmed.getFirst())
              + " Only kubekv may write there; do not stop this replica before that");
    }
    writings = 0;
  }
}
