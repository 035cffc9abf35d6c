package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.Bytes;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.DamagedException;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.Segment;
import io.kubekv.k8s.snapshot.SegmentList;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log: its newest snapshot, the segments above it, then the ring; and makes the objects of
 * one that is new. Blocks.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final int MADE_TOGETHER = 16;
  private static final int ATTEMPTS = 16;

  private final ObjectApi api;
  private final SnapshotObjects snapshots;
  private final int slotsOfNew;

  /**
   * What was read.
   *
   * @param slots how many slots the log has
   * @param trimmed up to which position entries are in the snapshot, or in segments that are whole
   * @param segments the segments that there are
   * @param harmedUpTo the position up to which a snapshot or segments should reach that others have
   *     harmed; what was read instead is whole
   */
  record Result(
      Log.Recovered recovered,
      int slots,
      long trimmed,
      SegmentList segments,
      OptionalLong harmedUpTo) {
    Result harmed(long upTo) {
      return new Result(recovered, slots, trimmed, segments, OptionalLong.of(upTo));
    }
  }

  /** What was copied out of the ring, in order from a snapshot on, and why there is no more. */
  private record Copied(List<LogEntry> entries, Optional<DamagedException> harm) {}

  Recovery(ObjectApi api, SnapshotObjects snapshots, int slotsOfNew) {
    this.api = api;
    this.snapshots = snapshots;
    this.slotsOfNew = slotsOfNew;
  }

  /**
   * Reads all.
   *
   * @throws DamagedException when what was acknowledged may be lost
   */
  Result run() throws ApiCallException, DamagedException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Optional<Manifest> manifest = snapshots.manifest();
      SegmentList segments = snapshots.segments().list();
      try {
        if (manifest.isPresent()) {
          return read(manifest.get(), segments);
        }
        found();
      } catch (DamagedException damaged) {
        // whoever holds the log may have gone on while this was read
        if (attempt == ATTEMPTS
            || (snapshots.manifest().equals(manifest)
                && snapshots.segments().list().equals(segments))) {
          throw damaged;
        }
      }
    }
  }

  private Result read(Manifest manifest, SegmentList segments)
      throws ApiCallException, DamagedException, InterruptedException {
    if (manifest.foreign()) {
      throw new DamagedException("StoreManifest snapshot: it was changed by others");
    }
    Root base;
    try {
      base = snapshot(manifest.current());
    } catch (DamagedException damaged) {
      return readBefore(manifest, segments, damaged);
    }
    return readFrom(base, manifest, segments);
  }

  private Root snapshot(Optional<Bytes> named)
      throws ApiCallException, DamagedException, InterruptedException {
    return named.isPresent() ? snapshots.read(named.get()) : Root.EMPTY;
  }

  /** What came after a snapshot; of the ring nothing is kept in memory that is elsewhere. */
  private Result readFrom(Root base, Manifest manifest, SegmentList segments)
      throws ApiCallException, DamagedException, InterruptedException {
    Copied copied = copied(base, segments);
    List<LogEntry> entries = new ArrayList<>(copied.entries());
    long end = entries.isEmpty() ? base.position() : entries.getLast().position();
    long known = Math.max(manifest.position(), segments.foreign() ? 0 : segments.to());
    Ring.Reading reading = new Ring.Reading(manifest.slots(), end);
    String version = await(api.list(LogKinds.SLOT, true, reading::take));
    log.debug("the log is read at version {} of the API", version);
    try {
      entries.addAll(reading.whole(known).after(end));
    } catch (DamagedException damaged) {
      throw copied.harm().orElseGet(() -> explained(damaged, segments));
    }
    copied.harm().ifPresent(harm -> told(harm, end));
    return new Result(
        new Log.Recovered(base, entries),
        manifest.slots(),
        end,
        segments,
        copied.harm().isPresent() ? OptionalLong.of(known) : OptionalLong.empty());
  }

  private static void told(DamagedException harm, long end) {
    log.error(
        "entries that were copied out of the log cannot be read: {}. Nothing is lost: the log has"
            + " all after {}",
        harm.getMessage(),
        end);
  }

  private static DamagedException explained(DamagedException damaged, SegmentList segments) {
    return segments.stands()
        ? damaged
        : new DamagedException(
            damaged.getMessage() + ", and StoreManifest snapshot-segments was deleted");
  }

  private Copied copied(Root base, SegmentList list) throws ApiCallException, InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    if (list.foreign()) {
      return new Copied(
          entries,
          Optional.of(
              new DamagedException("StoreManifest snapshot-segments: it was changed by others")));
    }
    if (list.from() > base.position()) {
      return new Copied(entries, Optional.empty());
    }
    for (Segment segment : list.after(base.position())) {
      try {
        List<LogEntry> some = read(segment);
        entries.addAll(some.stream().filter(entry -> entry.position() > base.position()).toList());
      } catch (DamagedException harm) {
        return new Copied(entries, Optional.of(harm));
      }
    }
    return new Copied(entries, Optional.empty());
  }

  private List<LogEntry> read(Segment segment)
      throws ApiCallException, DamagedException, InterruptedException {
    try {
      return SegmentContent.read(snapshots.segments().read(segment));
    } catch (DamagedException known) {
      throw known;
    } catch (IOException unreadable) {
      throw new DamagedException(
          "StoreChunk %s: %s".formatted(segment.chunk(), unreadable.getMessage()));
    }
  }

  /** From the snapshot before, if the log reaches back to it. */
  private Result readBefore(Manifest manifest, SegmentList segments, DamagedException damaged)
      throws ApiCallException, DamagedException, InterruptedException {
    try {
      Root before = snapshot(manifest.previous());
      Result result = readFrom(before, manifest, segments);
      if (before.position() + result.recovered().entries().size() >= manifest.position()) {
        log.error(
            "the snapshot at position {} of the log cannot be read: {}. Nothing is lost: the one at"
                + " {} and all entries after it can be",
            manifest.position(),
            damaged.getMessage(),
            before.position());
        return result.harmed(Math.max(manifest.position(), segments.to()));
      }
    } catch (DamagedException alsoDamaged) {
      log.debug("the snapshot before is no help: {}", alsoDamaged.getMessage());
    }
    throw damaged;
  }

  /** Makes the slots, each once: there is no log until the manifest stands. */
  private void found() throws ApiCallException, DamagedException, InterruptedException {
    AtomicBoolean used = new AtomicBoolean();
    String version =
        await(
            api.list(
                LogKinds.SLOT,
                true,
                object ->
                    used.compareAndSet(false, object.spec().path("position").asLong(-1) != 0)));
    if (used.get()) {
      throw new DamagedException("StoreManifest snapshot: it was deleted");
    }
    log.debug("a new log is made, after version {} of the API", version);
    List<CompletableFuture<Void>> making = new ArrayList<>();
    for (int index = 0; index < slotsOfNew; index++) {
      making.add(api.create(LogKinds.SLOT, Ring.name(index), Slot.blank(0, 1)));
      if (making.size() == MADE_TOGETHER) {
        awaitMade(making);
      }
    }
    awaitMade(making);
    ignoreExisting(() -> snapshots.found(slotsOfNew));
  }

  private static void awaitMade(List<CompletableFuture<Void>> making)
      throws ApiCallException, InterruptedException {
    for (CompletableFuture<Void> one : making) {
      ignoreExisting(
          () -> {
            Void unused = await(one);
          });
    }
    making.clear();
  }

  private interface Request {
    void run() throws ApiCallException, InterruptedException;
  }

  private static void ignoreExisting(Request request)
      throws ApiCallException, InterruptedException {
    try {
      request.run();
    } catch (ApiCallException failed) {
      if (!(failed.failure() instanceof ApiFailure.AlreadyExists)) {
        throw failed;
      }
    }
  }
}
