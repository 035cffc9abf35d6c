package io.kubekv.k8s.log;

import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiObject;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One object of the ring, as the API showed it. */
sealed interface Slot {
  /** What the object is called. */
  String name();

  /** The last position that is known to have stood there; 0 for none. */
  long position();

  /**
   * As kubekv wrote it.
   *
   * @param bytes how large the entry in base64 is, or was
   * @param entry the entry in base64; empty where there is none any more, or never was, or it is
   *     not kept in memory
   */
  record Intact(
      String name,
      String uid,
      String version,
      long generation,
      long position,
      long epoch,
      long nonce,
      int bytes,
      String entry)
      implements Slot {
    /** The same where a later position is known to have stood: such a slot never goes back. */
    Foreign wentBack(long known, boolean mayHide) {
      String why =
          position == 0
              ? "it was deleted, and made again"
              : "it has held position %d and now holds %d: a backup was put back"
                  .formatted(known, position);
      return new Foreign(name, uid, version, generation, known, mayHide, true, why);
    }

    /** The same without the entry in memory. */
    Intact withoutEntry() {
      return entry.isEmpty()
          ? this
          : new Intact(name, uid, version, generation, position, epoch, nonce, bytes, "");
    }

    /**
     * The entry.
     *
     * @throws IOException when what stands there is none, or not the one that it says
     */
    LogEntry decode() throws IOException {
      try {
        LogEntry decoded = EntryCodec.decode(Base64.getDecoder().decode(entry));
        if (decoded.position() != position
            || decoded.epoch() != epoch
            || decoded.nonce() != nonce) {
          throw new IOException("its entry is another than it says");
        }
        return decoded;
      } catch (IllegalArgumentException noBase64) {
        throw new IOException("its entry is not base64", noBase64);
      }
    }
  }

  /**
   * Changed by somebody else.
   *
   * @param position the last that is known to have stood there
   * @param hides whether an entry may have stood there that nobody here has seen
   * @param wentBack whether kubekv wrote it as it is, but long ago: a backup was put back
   * @param why in words for an operator
   */
  record Foreign(
      String name,
      String uid,
      String version,
      long generation,
      long position,
      boolean hides,
      boolean wentBack,
      String why)
      implements Slot {
    /** The same with what is known to have stood there. */
    Foreign at(long newPosition, boolean mayHide) {
      return new Foreign(name, uid, version, generation, newPosition, mayHide, wentBack, why);
    }
  }

  /** Deleted by somebody else. */
  record Gone(String name, long position, boolean hides) implements Slot {}

  /** Reads an object; what somebody else has changed is {@link Foreign} at position 0. */
  static Slot read(ApiObject object, int index, int slots) {
    JsonNode spec = object.spec();
    long position = spec.path("position").asLong(-1);
    long edition = spec.path("edition").asLong(-1);
    if (edition != object.generation()) {
      return foreign(
          object,
          "it was changed by others: its generation is %d, and kubekv wrote %d"
              .formatted(object.generation(), edition));
    }
    if (position < 0 || (position > 0 && position % slots != index)) {
      return foreign(
          object, "it says to be position %d, which belongs elsewhere".formatted(position));
    }
    String entry = spec.path("entry").asString("");
    try {
      return new Intact(
          object.name(),
          object.uid(),
          object.version(),
          object.generation(),
          position,
          spec.path("epoch").asLong(0),
          HexFormat.fromHexDigitsToLong(spec.path("nonce").asString("0")),
          entry.length(),
          entry);
    } catch (IllegalArgumentException illFormed) {
      return foreign(object, "its nonce is no number");
    }
  }

  private static Foreign foreign(ApiObject object, String why) {
    return new Foreign(
        object.name(), object.uid(), object.version(), object.generation(), 0, false, false, why);
  }

  /** The content of a slot that holds an entry. */
  static ObjectNode holding(LogEntry entry, byte[] bytes, long edition) {
    ObjectNode spec = blank(entry.position(), edition);
    spec.put("epoch", entry.epoch())
        .put("nonce", HexFormat.of().toHexDigits(entry.nonce()))
        .put("previousNonce", HexFormat.of().toHexDigits(entry.previousNonce()))
        .put("bytes", bytes.length)
        .put("entry", Base64.getEncoder().encodeToString(bytes));
    return spec;
  }

  /** The content of a slot whose entry, if there was one, is in a snapshot. */
  static ObjectNode blank(long position, long edition) {
    return JsonMapper.shared().createObjectNode().put("position", position).put("edition", edition);
  }
}
