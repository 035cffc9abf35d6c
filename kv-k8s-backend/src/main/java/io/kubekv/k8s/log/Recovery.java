package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.Bytes;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.k8s.ApiCallException;
import io.kubekv.k8s.ApiFailure;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.DamagedException;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
      try {
        if (manifest.isPresent()) {
          return read(manifest.get());
        }
        found();
      } catch (DamagedException damaged) {
        // whoever holds the log may have gone on while this was read
        if (attempt == ATTEMPTS || snapshots.manifest().equals(manifest)) {
          throw damaged;
        }
      }
    }
  }

  private Result read(Manifest manifest)
      throws ApiCallException, DamagedException, InterruptedException {
    if (manifest.foreign()) {
      throw new DamagedException("StoreManifest snapshot: it was changed by others");
    }
    Root base;
    try {
      base = snapshot(manifest.current());
    } catch (DamagedException damaged) {
      return readBefore(manifest, damaged);
    }
    return readFrom(base, manifest);
  }

  private Root snapshot(Optional<Bytes> named)
      throws ApiCallException, DamagedException, InterruptedException {
    return named.isPresent() ? snapshots.read(named.get()) : Root.EMPTY;
  }

  /** What came after a snapshot; what is in it is not kept in memory. */
  private Result readFrom(Root base, Manifest manifest)
      throws ApiCallException, DamagedException, InterruptedException {
    Ring.Reading reading = new Ring.Reading(manifest.slots(), base.position());
    String version = await(api.list(LogKinds.SLOT, true, reading::take));
    log.debug("the log is read at version {} of the API", version);
    List<LogEntry> entries = reading.whole(manifest.position()).after(base.position());
    return new Result(new Log.Recovered(base, entries), manifest.slots());
  }

  /** From the snapshot before, if the log reaches back to it. */
  private Result readBefore(Manifest manifest, DamagedException damaged)
      throws ApiCallException, DamagedException, InterruptedException {
    try {
      Root before = snapshot(manifest.previous());
      Result result = readFrom(before, manifest);
      if (before.position() + result.recovered().entries().size() >= manifest.position()) {
        log.error(
            "the snapshot at position {} of the log cannot be read: {}. Nothing is lost: the one at"
                + " {} and all entries after it can be",
            manifest.position(),
            damaged.getMessage(),
            before.position());
        return result;
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
