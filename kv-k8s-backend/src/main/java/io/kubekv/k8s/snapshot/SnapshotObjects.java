package io.kubekv.k8s.snapshot;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.Bytes;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshots of a store as objects. Its methods block; writing is for one thread at a time. */
public final class SnapshotObjects {
  private static final Logger log = LoggerFactory.getLogger(SnapshotObjects.class);
  private static final int ATTEMPTS = 8;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final ObjectApi api;
  private final Chunks chunks;
  private final SegmentObjects segments;

  /**
   * @param bytesPerSecond how fast chunks are written, unless there is haste
   * @param keep how long a chunk that no snapshot needs is kept
   */
  public SnapshotObjects(ObjectApi api, long bytesPerSecond, Duration keep) {
    this.api = api;
    this.chunks = new Chunks(api, bytesPerSecond, keep);
    this.segments = new SegmentObjects(api, chunks);
  }

  /** The entries that were copied out of the ring. */
  public SegmentObjects segments() {
    return segments;
  }

  /** What the newest snapshot is; empty when the store has never been used, or it was deleted. */
  public Optional<Manifest> manifest() throws ApiCallException, InterruptedException {
    return await(lookAtManifest());
  }

  /** The same; does not block. */
  public CompletableFuture<Optional<Manifest>> lookAtManifest() {
    return api.get(SnapshotKinds.MANIFEST, Manifest.NAME)
        .thenApply(found -> found.map(Manifest::read));
  }

  /** Makes the manifest of a new store; somebody else may do so at the same time. */
  public void found(int slots) throws ApiCallException, InterruptedException {
    Void unused =
        await(api.create(SnapshotKinds.MANIFEST, Manifest.NAME, Manifest.founding(slots)));
  }

  /**
   * Reads a snapshot.
   *
   * @param manifest {@link Manifest#current} or {@link Manifest#previous}
   * @throws DamagedException when a part of it is missing, or is not what was written
   */
  public Root read(Bytes manifest) throws ApiCallException, DamagedException, InterruptedException {
    try {
      Map<String, Bytes> contents = chunks.read(Snapshot.chunkNames(manifest));
      return Snapshot.read(manifest, name -> Optional.ofNullable(contents.get(name)).orElseThrow());
    } catch (DamagedException known) {
      throw known;
    } catch (IOException damaged) {
      throw new DamagedException(String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * Keeps a snapshot, unless there is a newer one.
   *
   * @param hurry whether to write it as fast as can be
   * @return the position of the newest snapshot that is kept
   */
  public long write(Root root, int slots, BooleanSupplier hurry)
      throws ApiCallException, InterruptedException {
    Snapshot snapshot = Snapshot.of(root);
    for (int attempt = 1; ; attempt++) {
      Optional<Manifest> before = manifest();
      Optional<Manifest> asWritten = before.filter(manifest -> !manifest.foreign());
      if (asWritten.isPresent() && asWritten.get().position() > root.position()) {
        return asWritten.get().position();
      }
      Set<String> needed = new HashSet<>(asWritten.map(Manifest::chunks).orElse(List.of()));
      chunks.write(snapshot.chunks(), needed, hurry);
      if (asWritten.filter(manifest -> manifest.position() == root.position()).isPresent()) {
        return root.position();
      }
      try {
        put(before, root, snapshot, slots);
        needed.addAll(snapshot.chunks().keySet());
        long fallback = asWritten.map(Manifest::position).orElse(0L);
        if (keepSegments(fallback, root.position(), slots, needed)) {
          chunks.removeAllBut(needed);
        }
        return root.position();
      } catch (ApiCallException failed) {
        if (attempt == ATTEMPTS || !Chunks.isPassing(failed.failure())) {
          throw failed;
        }
        LockSupport.parkNanos(failed.failure().retryAfter().orElse(PAUSE).toNanos());
      }
    }
  }

  /**
   * Drops the segments that nobody reads any more, and writes the list again in any case: whoever
   * prepares one on what stood before is refused, and so names no chunk that is removed now.
   *
   * @param before the position of the snapshot before, from which segments are kept
   * @param needed is told which chunks they need
   * @return whether the list stands
   */
  private boolean keepSegments(long before, long position, int slots, Set<String> needed)
      throws ApiCallException, InterruptedException {
    SegmentList stands = segments.list();
    if (stands.foreign()) {
      // it may name entries after this snapshot that stand nowhere else
      return false;
    }
    SegmentList next = stands.stands() ? stands.without(before) : stands.startedAt(position);
    try {
      SegmentList now = segments.put(next, slots);
      now.segments().forEach(segment -> needed.add(segment.chunk()));
      return now.generation() == next.generation() + 1
          && !now.foreign()
          && now.segments().equals(next.segments());
    } catch (IOException olderType) {
      log.error("{}", olderType.getMessage());
      return false;
    }
  }

  private void put(Optional<Manifest> before, Root root, Snapshot snapshot, int slots)
      throws ApiCallException, InterruptedException {
    if (before.isEmpty() || before.get().foreign()) {
      log.error(
          "StoreManifest {} was {} by others: it is written again. Only kubekv may write there",
          Manifest.NAME,
          before.isEmpty() ? "deleted" : "changed");
    }
    var spec = Manifest.following(before, root, snapshot, slots);
    Void unused =
        before.isEmpty()
            ? await(api.create(SnapshotKinds.MANIFEST, Manifest.NAME, spec))
            : await(
                api.replace(
                    SnapshotKinds.MANIFEST, Manifest.NAME, before.get().version(), spec, ""));
  }
}
