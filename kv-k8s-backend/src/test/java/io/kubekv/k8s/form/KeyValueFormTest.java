package io.kubekv.k8s.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.Times;
import io.kubekv.k8s.form.KeyValueForm.Content;
import io.kubekv.k8s.form.KeyValueForm.Unreadable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyValueFormTest {
  private static final List<Cause> CAUSES = List.of(Cause.values());
  private static final String NAME = KeyValueForm.name(Key.of("a/b"));

  @Property(tries = 500)
  void read_whatWasWritten_isTheSame(@ForAll("entries") Entry entry, @ForAll int number) {
    Cause cause = CAUSES.get(Math.floorMod(number, CAUSES.size()));

    assertThat(KeyValueForm.read(KeyValueForm.toJson(entry, cause)))
        .isEqualTo(
            new Content(
                entry.kind(),
                entry.key(),
                entry.value(),
                entry.flags(),
                entry.expiry().map(Expiry::timeToLive)));
  }

  @Test
  void read_minimalObject_hasTheDefaults() {
    assertThat(KeyValueForm.read(bytes(object(""))))
        .isEqualTo(new Content(Kind.VALUE, Key.of("a/b"), Bytes.EMPTY, 0, Optional.empty()));
  }

  @Test
  void read_objectWithUnknownMetadata_skipsIt() {
    String json =
        """
        {"spec":{"key":"a/b","type":"Value","value":"v"},"kind":"KeyValue","extra":[{"spec":{}}],
         "metadata":{"managedFields":[{"fieldsV1":{"f:spec":{"resourceVersion":"1"}}}],
          "labels":{"name":"x"},"resourceVersion":"9","generation":3,"uid":"u","name":"%s"}}
        """
            .formatted(NAME);

    assertThat(KeyValueForm.read(bytes(json)))
        .isInstanceOfSatisfying(
            Content.class, content -> assertThat(content.value()).isEqualTo(Bytes.utf8("v")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"colour\":\"red\"",
        "\"value\":1",
        "\"value\":{\"deep\":[1,{}]}",
        "\"value\":\"a\",\"valueBase64\":\"YQ==\"",
        "\"valueBase64\":\"?\"",
        "\"flags\":\"-1\"",
        "\"flags\":\"18446744073709551616\"",
        "\"version\":0",
        "\"version\":1.5",
        "\"version\":99999999999999999999999",
        "\"ttl\":\"1h\"",
        "\"ttl\":\"-1s\"",
        "\"cause\":\"Whim\"",
        "\"session\":\"me\"",
        "\"lockIndex\":\"1\"",
        "\"lockIndex\":-1",
        "\"deleted\":true"
      })
  void read_illFormedField_isUnreadableAndSaysWhy(String field) {
    assertThat(KeyValueForm.read(bytes(object(field))))
        .isInstanceOfSatisfying(
            Unreadable.class, unreadable -> assertThat(unreadable.problem()).isNotBlank());
  }

  @Test
  void read_directoryWithAValue_isUnreadable() {
    String json = object("\"value\":\"v\"").replace("\"Value\"", "\"Directory\"");

    assertThat(KeyValueForm.read(bytes(json)))
        .isEqualTo(new Unreadable("a directory has no value"));
  }

  @Test
  void read_keyOfAnotherName_isUnreadable() {
    assertThat(KeyValueForm.read(bytes(object("").replace("a/b", "a/c"))))
        .isEqualTo(new Unreadable("spec.key does not belong to metadata.name"));
  }

  @Test
  void read_objectWithoutSpec_isUnreadable() {
    assertThat(KeyValueForm.read(bytes("{\"metadata\":{\"name\":\"n\"}}")))
        .isEqualTo(new Unreadable("spec.type is missing"));
  }

  @Test
  void read_notJson_fails() {
    assertThatThrownBy(() -> KeyValueForm.read(bytes("{\"spec\":")))
        .isInstanceOf(tools.jackson.core.JacksonException.class);
    assertThatThrownBy(() -> KeyValueForm.read(bytes("[]")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toJson_textValue_isReadable() {
    Entry entry =
        entry(
            Key.of("a/b"),
            Bytes.utf8("{\"n\":1}"),
            0,
            Optional.of(Duration.ofMillis(90_250)),
            LockState.NONE);

    assertThat(text(KeyValueForm.toJson(entry, Cause.CREATE)))
        .isEqualTo(
            "{\"apiVersion\":\"kubekv.io/v1\",\"kind\":\"KeyValue\",\"metadata\":{\"name\":\""
                + NAME
                + "\"},\"spec\":{\"type\":\"Value\",\"key\":\"a/b\",\"value\":\"{\\\"n\\\":1}\","
                + "\"version\":3,\"createRevision\":\"5\",\"ttl\":\"90.25s\","
                + "\"cause\":\"Create\"}}");
  }

  @Test
  void toJson_largeTextThatEscapingTriples_isBase64() {
    assertThat(text(KeyValueForm.toJson(large("<"), Cause.SET)).length()).isLessThan(1_400_000);
    assertThat(text(KeyValueForm.toJson(large("x"), Cause.SET))).contains("\"value\":\"xxx");
  }

  @Provide
  Arbitrary<Entry> entries() {
    Arbitrary<Bytes> values =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Bytes::copyOf),
            Arbitraries.strings().all().ofMaxLength(40).map(Bytes::utf8),
            Arbitraries.of(
                    "\u0000", "\u0001\u001f\u007f", "\ud83d\ude00", "\u2028<>&\"\\", "\ufffd")
                .map(Bytes::utf8),
            Arbitraries.of((byte) 0x80, (byte) 0xc3, (byte) 0xff)
                .map(alone -> Bytes.copyOf(new byte[] {'a', alone, 'b'})));
    return Combinators.combine(keys(), values, Arbitraries.longs(), ttls(), locks())
        .as(KeyValueFormTest::entry);
  }

  private static Arbitrary<Key> keys() {
    return Arbitraries.oneOf(
            Arbitraries.strings().all().ofMinLength(1).ofMaxLength(30),
            Arbitraries.of("/a//b/", "\ud83d\ude00/\u00e9", "\u0001", " "))
        .map(text -> Key.of(text.replaceAll("[\0\\p{Cs}]", "-")));
  }

  private static Arbitrary<Optional<Duration>> ttls() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE).map(Duration::ofNanos).optional();
  }

  private static Arbitrary<LockState> locks() {
    Arbitrary<Revision> revisions = Arbitraries.longs().map(Revision::new);
    return Combinators.combine(
            Arbitraries.create(SessionId::random).optional(),
            Arbitraries.longs().greaterOrEqual(0),
            revisions.optional(),
            revisions.optional())
        .as(LockState::new);
  }

  private static Entry large(String character) {
    Bytes value = Bytes.utf8(character.repeat(1 << 20));
    return entry(Key.of("a"), value, 0, Optional.empty(), LockState.NONE);
  }

  private static Entry entry(
      Key key, Bytes value, long flags, Optional<Duration> ttl, LockState lock) {
    boolean isDirectory = flags % 3 == 1;
    return new Entry(
        key,
        isDirectory ? Kind.DIRECTORY : Kind.VALUE,
        isDirectory ? Bytes.EMPTY : value,
        flags,
        new Revision(5),
        new Revision(7),
        3,
        ttl.map(full -> new Expiry(full, Instant.MAX)),
        lock,
        isDirectory ? Optional.empty() : lock.holder(),
        Metadata.NONE,
        Times.NONE);
  }

  private static String object(String moreFields) {
    return "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u-1\",\"resourceVersion\":\"7\"},"
            .formatted(NAME)
        + "\"spec\":{\"type\":\"Value\",\"key\":\"a/b\""
        + (moreFields.isEmpty() ? "" : "," + moreFields)
        + "}}";
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
