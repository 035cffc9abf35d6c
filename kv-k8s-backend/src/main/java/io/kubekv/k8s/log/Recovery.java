package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.k8s.ApiCallException;
import io.kubekv.k8s.ApiFailure;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.DamagedException;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a log from its newest snapshot on, and makes the objects of one that is new. Blocks. */
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
   */
  record Result(Log.Recovered recovered, int slots) {}

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
      ObjectApi.Listing all = await(api.list(LogKinds.SLOT, true));
      try {
        if (manifest.isPresent()) {
          return read(manifest.get(), all);
        }
        found(all);
      } catch (DamagedException damaged) {
        // whoever holds the log may have gone on while this was read
        if (attempt == ATTEMPTS || snapshots.manifest().equals(manifest)) {
          throw damaged;
        }
      }
    }
  }

  private Result read(Manifest manifest, ObjectApi.Listing all)
      throws ApiCallException, DamagedException, InterruptedException {
    if (manifest.foreign()) {
      throw new DamagedException("StoreManifest snapshot: it was changed by others");
    }
    Ring ring = Ring.of(manifest.slots(), all.objects(), manifest.position());
    Root base = base(manifest, ring);
    List<LogEntry> entries = ring.after(base.position());
    return new Result(new Log.Recovered(base, entries), manifest.slots());
  }

  private Root base(Manifest manifest, Ring ring)
      throws ApiCallException, DamagedException, InterruptedException {
    if (manifest.current().isEmpty()) {
      return Root.EMPTY;
    }
    try {
      return snapshots.read(manifest.current().get());
    } catch (DamagedException damaged) {
      Root before = before(manifest, ring, damaged);
      log.error(
          "the snapshot at position {} of the log cannot be read: {}. Nothing is lost: the one at"
              + " {} and all entries after it can be",
          manifest.position(),
          damaged.getMessage(),
          before.position());
      return before;
    }
  }

  /** The snapshot before, if the log reaches back to it. */
  private Root before(Manifest manifest, Ring ring, DamagedException damaged)
      throws ApiCallException, DamagedException, InterruptedException {
    try {
      Root before =
          manifest.previous().isPresent() ? snapshots.read(manifest.previous().get()) : Root.EMPTY;
      List<LogEntry> entries = ring.after(before.position());
      if (before.position() + entries.size() >= manifest.position()) {
        return before;
      }
    } catch (DamagedException alsoDamaged) {
      log.debug("the snapshot before is no help: {}", alsoDamaged.getMessage());
    }
    throw damaged;
  }

  /** Makes the slots, each once: there is no log until the manifest stands. */
  private void found(ObjectApi.Listing all)
      throws ApiCallException, DamagedException, InterruptedException {
    for (ApiObject object : all.objects()) {
      if (object.spec().path("position").asLong(-1) != 0) {
        throw new DamagedException("StoreManifest snapshot: it was deleted");
      }
    }
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
