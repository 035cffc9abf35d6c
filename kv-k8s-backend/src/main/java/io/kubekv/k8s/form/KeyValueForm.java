package io.kubekv.k8s.form;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import java.time.Duration;
import java.util.Optional;

/** The form that a key has as a {@code KeyValue} object. Stateless and thread-safe. */
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
    return ObjectNames.of(key);
  }

  /** The object that shows {@code entry}, as JSON: no metadata but the name. */
  public static byte[] toJson(Entry entry, Cause cause) {
    return SpecWriter.toJson(entry, cause);
  }

  /**
   * Reads an object that somebody wrote. Unknown metadata is passed over; an unknown or ill-formed
   * field of {@code spec} makes it unreadable.
   *
   * @throws IllegalArgumentException when it is no JSON object
   */
  public static Read read(byte[] json) {
    return SpecReader.read(json);
  }
}
