package io.kubekv.k8s.snapshot;

import io.kubekv.Bytes;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.k8s.api.ApiObject;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The object that says which snapshot is the newest, and of how many slots the log consists.
 *
 * @param version of the object
 * @param generation of the object
 * @param foreign whether somebody else has changed it
 * @param position of the snapshot; 0 when there is none yet
 * @param current the snapshot; absent when there is none yet
 * @param previous the one before, for the case that a chunk of the newest is lost
 */
public record Manifest(
    String version,
    long generation,
    boolean foreign,
    long position,
    int slots,
    Optional<Bytes> current,
    Optional<Bytes> previous) {
  static final String NAME = "snapshot";

  static Manifest read(ApiObject object) {
    JsonNode spec = object.spec();
    long edition = spec.path("edition").asLong(-1);
    long position = spec.path("position").asLong(-1);
    int slots = spec.path("slots").asInt(0);
    try {
      return new Manifest(
          object.version(),
          object.generation(),
          edition != object.generation() || position < 0 || slots < 1,
          position,
          slots,
          bytes(spec.path("manifest")),
          bytes(spec.path("previous")));
    } catch (IllegalArgumentException noBase64) {
      return new Manifest(
          object.version(),
          object.generation(),
          true,
          position,
          slots,
          Optional.empty(),
          Optional.empty());
    }
  }

  private static Optional<Bytes> bytes(JsonNode base64) {
    String text = base64.asString("");
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(Bytes.copyOf(Base64.getDecoder().decode(text)));
  }

  /** The content of the first one, without a snapshot. */
  static ObjectNode founding(int slots) {
    return content(0, slots, 1);
  }

  /** The content of the one that follows {@code before}, if there is one. */
  static ObjectNode following(Optional<Manifest> before, Root root, Snapshot snapshot, int slots) {
    ObjectNode spec =
        content(root.position(), slots, before.map(Manifest::generation).orElse(0L) + 1);
    spec.put("manifest", snapshot.manifest().toBase64());
    before
        .filter(then -> !then.foreign())
        .flatMap(Manifest::current)
        .ifPresent(then -> spec.put("previous", then.toBase64()));
    return spec;
  }

  private static ObjectNode content(long position, int slots, long edition) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("position", position)
        .put("slots", slots)
        .put("edition", edition);
  }

  /** The chunks that the newest snapshot needs; none when that cannot be read. */
  public List<String> chunks() {
    if (foreign || current.isEmpty()) {
      return List.of();
    }
    try {
      return Snapshot.chunkNames(current.get());
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
