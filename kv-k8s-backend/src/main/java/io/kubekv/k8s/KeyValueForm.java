package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * The form that a key has as a {@code KeyValue} object, for those who show keys as objects instead
 * of keeping them there. Stateless and thread-safe.
 */
public final class KeyValueForm {
  private KeyValueForm() {}

  /** What an object says of its key. */
  public sealed interface Read {}

  /**
   * What somebody who edits an object may decide about its key.
   *
   * @param ttl the full time to live, absent for ever
   */
  public record Content(Kind kind, Key key, Bytes value, long flags, Optional<Duration> ttl)
      implements Read {}

  /**
   * The object is no key's.
   *
   * @param problem what is wrong with it, without its value
   */
  public record Unreadable(String problem) implements Read {}

  /** The name of the object that shows {@code key}. */
  public static String name(Key key) {
    return ObjectNames.of(ObjectType.VALUE, key);
  }

  /** The object that shows {@code entry}, as JSON: no metadata but the name. */
  public static byte[] toJson(Entry entry, Cause cause) {
    return ObjectJson.toCreate(
        new ObjectSpec(
            entry.isDirectory() ? ObjectType.DIRECTORY : ObjectType.VALUE,
            entry.key(),
            entry.value(),
            entry.flags(),
            entry.version(),
            Optional.of(entry.createRevision()),
            entry.expiry().map(Expiry::timeToLive),
            entry.lock(),
            cause,
            false,
            Optional.empty()));
  }

  /** Reads an object that somebody wrote. */
  public static Read read(byte[] json) {
    return switch (ObjectJson.read(json)) {
      case ObservedObject.Foreign foreign -> new Unreadable(foreign.problem());
      case ObservedObject.Stored stored -> content(stored.object().spec());
    };
  }

  private static Read content(ObjectSpec spec) {
    if (spec.deleted() || spec.writeId().isPresent()) {
      return new Unreadable("spec.deleted and spec.writeId are not for objects that show keys");
    }
    return switch (spec.type()) {
      case VALUE -> of(Kind.VALUE, spec);
      case DIRECTORY -> of(Kind.DIRECTORY, spec);
      case SESSION, MARKER -> new Unreadable("spec.type is neither Value nor Directory");
    };
  }

  private static Content of(Kind kind, ObjectSpec spec) {
    return new Content(kind, spec.key(), spec.value(), spec.flags(), spec.ttl());
  }
}
