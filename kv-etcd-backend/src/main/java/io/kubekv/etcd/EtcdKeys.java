package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.SessionId;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where things are in etcd: below the store's prefix a word for what it is, then its name. Entries
 * keep their order, since both sides compare UTF-8 bytes.
 */
final class EtcdKeys {
  private static final ByteString ENTRY = ByteString.copyFromUtf8("key/");
  private static final ByteString EXPIRY = ByteString.copyFromUtf8("expiry/");
  private static final ByteString DELAY = ByteString.copyFromUtf8("delay/");
  private static final ByteString SESSION = ByteString.copyFromUtf8("session/");
  private static final ByteString GUARD = ByteString.copyFromUtf8("guard/");
  private static final ByteString MEMBER = ByteString.copyFromUtf8("member/");
  private static final ByteString CAUSE = ByteString.copyFromUtf8("cause");

  /** What a key of etcd stands for in this store. */
  sealed interface Place {}

  /** An entry. */
  record EntryOf(Key key) implements Place {}

  /** The mark that the time to live of an entry has not passed. */
  record ExpiryOf(Key key) implements Place {}

  /** The lock delay of a key. */
  record DelayOf(Key key) implements Place {}

  record SessionOf(SessionId id) implements Place {}

  /** Why the entries that the same transaction deleted are gone. */
  record TheCause() implements Place {}

  /** A guard, a process's own key, or something that is not ours. */
  record Other() implements Place {}

  private final ByteString prefix;

  EtcdKeys(String prefix) {
    this.prefix = ByteString.copyFromUtf8(prefix);
  }

  /** Everything of the store. */
  Span all() {
    return below(prefix);
  }

  ByteString entry(Key key) {
    return named(ENTRY, key.text());
  }

  ByteString expiry(Key key) {
    return named(EXPIRY, key.text());
  }

  ByteString delay(Key key) {
    return named(DELAY, key.text());
  }

  ByteString session(SessionId id) {
    return named(SESSION, id.toString());
  }

  ByteString guard(String process) {
    return named(GUARD, process);
  }

  /** Where a process says what it is. */
  ByteString member(String process) {
    return named(MEMBER, process);
  }

  Span members() {
    return below(prefix.concat(MEMBER));
  }

  /** The process of a key of {@link #members}. */
  String memberName(ByteString etcdKey) {
    return etcdKey.substring(prefix.size() + MEMBER.size()).toStringUtf8();
  }

  ByteString cause() {
    return prefix.concat(CAUSE);
  }

  Span sessions() {
    return below(prefix.concat(SESSION));
  }

  Span entriesBelow(Prefix shared) {
    return below(named(ENTRY, shared.text()));
  }

  Span expiriesBelow(Prefix shared) {
    return below(named(EXPIRY, shared.text()));
  }

  /** The entries of a range, in order. */
  List<Span> entries(Range range) {
    List<Span> spans = new ArrayList<>();
    range.self().ifPresent(key -> spans.add(Span.of(entry(key))));
    range.below().ifPresent(shared -> spans.add(entriesBelow(shared)));
    return spans;
  }

  /** What a key of etcd is; {@link Other} when it is none of ours. */
  Place place(ByteString etcdKey) {
    if (!etcdKey.startsWith(prefix)) {
      return new Other();
    }
    ByteString rest = etcdKey.substring(prefix.size());
    if (rest.startsWith(ENTRY)) {
      return key(rest, ENTRY).<Place>map(EntryOf::new).orElseGet(Other::new);
    }
    if (rest.startsWith(EXPIRY)) {
      return key(rest, EXPIRY).<Place>map(ExpiryOf::new).orElseGet(Other::new);
    }
    if (rest.startsWith(DELAY)) {
      return key(rest, DELAY).<Place>map(DelayOf::new).orElseGet(Other::new);
    }
    if (rest.startsWith(SESSION)) {
      return text(rest, SESSION)
          .flatMap(SessionId::parse)
          .<Place>map(SessionOf::new)
          .orElseGet(Other::new);
    }
    return rest.equals(CAUSE) ? new TheCause() : new Other();
  }

  private ByteString named(ByteString word, String name) {
    return prefix.concat(word).concat(ByteString.copyFromUtf8(name));
  }

  private static Optional<Key> key(ByteString rest, ByteString word) {
    try {
      return text(rest, word).map(Key::of);
    } catch (IllegalArgumentException notAKey) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(ByteString rest, ByteString word) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(rest.substring(word.size()).asReadOnlyByteBuffer())
              .toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /** All keys that begin so; the last byte of UTF-8 text is never 255. */
  private static Span below(ByteString shared) {
    int last = shared.size() - 1;
    byte[] next = {(byte) (shared.byteAt(last) + 1)};
    return new Span(shared, shared.substring(0, last).concat(ByteString.copyFrom(next)));
  }
}
