package io.kubekv.k8s.snapshot;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.Bytes;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The chunks of snapshots, each an object that is named by its content. Its generation is 1 for as
 * long as nobody changes it. Blocks; for one thread at a time where nothing else is said.
 */
final class Chunks {
  private static final int ATTEMPTS = 8;
  private static final int READ_TOGETHER = 16;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final ObjectApi api;
  private final long bytesPerSecond;
  private final Duration keep;
  private final Map<String, Long> unneededSince = new HashMap<>();
  private Map<String, ApiObject> there = Map.of();

  /**
   * @param bytesPerSecond how fast they are written, unless there is haste
   * @param keep how long one that no snapshot needs is kept
   */
  Chunks(ObjectApi api, long bytesPerSecond, Duration keep) {
    this.api = api;
    this.bytesPerSecond = bytesPerSecond;
    this.keep = keep;
  }

  /** The contents of chunks by name. */
  Map<String, Bytes> read(List<String> names)
      throws ApiCallException, DamagedException, InterruptedException {
    Map<String, Bytes> contents = new HashMap<>();
    for (int from = 0; from < names.size(); from += READ_TOGETHER) {
      List<String> some = names.subList(from, Math.min(names.size(), from + READ_TOGETHER));
      List<CompletableFuture<Optional<ApiObject>>> coming =
          some.stream().map(name -> api.get(SnapshotKinds.CHUNK, name)).toList();
      for (int i = 0; i < some.size(); i++) {
        contents.put(some.get(i), content(some.get(i), await(coming.get(i))));
      }
    }
    return contents;
  }

  private static Bytes content(String name, Optional<ApiObject> found) throws DamagedException {
    if (found.isEmpty()) {
      throw new DamagedException("StoreChunk %s was deleted".formatted(name));
    }
    try {
      return Bytes.copyOf(
          Base64.getDecoder().decode(found.get().spec().path("content").asString("")));
    } catch (IllegalArgumentException noBase64) {
      throw new DamagedException("StoreChunk %s was changed".formatted(name));
    }
  }

  /**
   * Makes chunks, and mends those that others have changed or deleted.
   *
   * @param needed those that the newest manifest names: nobody removes them
   * @param hurry whether to write them as fast as can be
   */
  void write(Map<String, Bytes> chunks, Set<String> needed, BooleanSupplier hurry)
      throws ApiCallException, InterruptedException {
    Map<String, ApiObject> found = new HashMap<>();
    await(api.list(SnapshotKinds.CHUNK, false))
        .objects()
        .forEach(object -> found.put(object.name(), object));
    there = found;
    for (Map.Entry<String, Bytes> chunk : chunks.entrySet()) {
      Optional<ApiObject> stands = Optional.ofNullable(found.get(chunk.getKey()));
      boolean asWritten = stands.filter(object -> object.generation() == 1).isPresent();
      if (!asWritten || !needed.contains(chunk.getKey())) {
        write(chunk.getKey(), chunk.getValue(), stands);
        if (!hurry.getAsBoolean()) {
          LockSupport.parkNanos(chunk.getValue().size() * 1_000_000_000L / bytesPerSecond);
        }
      }
    }
  }

  /** The name of the chunk with a content. */
  static String name(Bytes content) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(content.toBuffer());
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Makes one chunk; one that stands already is written again. For any thread. */
  void write(String name, Bytes content) throws ApiCallException, InterruptedException {
    write(name, content, Optional.empty());
  }

  /** The generation of each chunk that there is. For any thread. */
  Map<String, Long> generations() throws ApiCallException, InterruptedException {
    Map<String, Long> generations = new HashMap<>();
    String unused =
        await(
            api.list(
                SnapshotKinds.CHUNK,
                false,
                chunk -> generations.put(chunk.name(), chunk.generation())));
    return generations;
  }

  private void write(String name, Bytes content, Optional<ApiObject> known)
      throws ApiCallException, InterruptedException {
    Optional<ApiObject> stands = known;
    for (int attempt = 1; ; attempt++) {
      try {
        if (writeOver(name, content, stands)) {
          return;
        }
      } catch (ApiCallException failed) {
        if (attempt == ATTEMPTS || !isPassing(failed.failure())) {
          throw failed;
        }
        LockSupport.parkNanos(failed.failure().retryAfter().orElse(PAUSE).toNanos());
      }
      stands = await(api.get(SnapshotKinds.CHUNK, name));
    }
  }

  /** Whether it stands now; one that nobody needs yet is written again, so that none removes it. */
  private boolean writeOver(String name, Bytes content, Optional<ApiObject> stands)
      throws ApiCallException, InterruptedException {
    if (stands.isEmpty()) {
      Void unused = await(api.create(SnapshotKinds.CHUNK, name, spec(content)));
      return true;
    }
    ApiObject object = stands.get();
    if (object.generation() != 1) {
      Void unused = await(api.remove(SnapshotKinds.CHUNK, object));
      return false;
    }
    String note = UUID.randomUUID().toString();
    Void unused =
        await(api.replace(SnapshotKinds.CHUNK, name, object.version(), spec(content), note));
    return await(api.get(SnapshotKinds.CHUNK, name))
        .filter(now -> now.generation() == 1)
        .isPresent();
  }

  private static ObjectNode spec(Bytes content) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("bytes", content.size())
        .put("content", content.toBase64());
  }

  static boolean isPassing(ApiFailure failure) {
    return failure.isPassing()
        || failure instanceof ApiFailure.Conflict
        || failure instanceof ApiFailure.AlreadyExists
        || failure instanceof ApiFailure.NotFound;
  }

  /**
   * Removes what no snapshot has needed for long. To be called right after a manifest was written:
   * whoever prepares one on what stood before is refused, and whoever does so on what stands now
   * writes what he needs again, so that exactly the version seen here is gone or stays.
   */
  void removeAllBut(Set<String> needed) throws InterruptedException {
    long now = System.nanoTime();
    Map<String, Long> before = new HashMap<>(unneededSince);
    unneededSince.clear();
    for (ApiObject object : there.values()) {
      if (needed.contains(object.name())) {
        continue;
      }
      long since = before.getOrDefault(object.uid(), now);
      if (now - since >= keep.toNanos()) {
        remove(object);
      } else {
        unneededSince.put(object.uid(), since);
      }
    }
  }

  /** One that does not go is tried again after the next snapshot. */
  private void remove(ApiObject object) throws InterruptedException {
    try {
      Void unused = await(api.remove(SnapshotKinds.CHUNK, object));
    } catch (ApiCallException failed) {
      unneededSince.put(object.uid(), System.nanoTime() - keep.toNanos());
    }
  }
}
