package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectJsonTest {
  private static final List<Cause> CAUSES = List.of(Cause.values());
  private static final List<ObjectType> TYPES = List.of(ObjectType.values());
  private static final String NAME = ObjectNames.of(ObjectType.VALUE, Key.of("a/b"));

  @Property(tries = 500)
  void read_whatWasWrittenToCreate_isTheSame(@ForAll("specs") ObjectSpec spec) {
    String body = text(ObjectJson.toCreate(spec));

    assertThat(stored(asAnswered(body, spec)).spec()).isEqualTo(spec);
  }

  @Property(tries = 100)
  void read_whatWasWrittenToReplace_isTheSame(
      @ForAll("specs") ObjectSpec spec, @ForAll long revision) {
    String name = ObjectNames.of(spec.type(), spec.key());
    StoredObject current = new StoredObject(name, "u-1", new Revision(revision), spec);

    String body = text(ObjectJson.toReplace(current, spec));

    assertThat(stored(body)).isEqualTo(current);
  }

  @Test
  void read_revisionOver2To63_isUnsigned() {
    StoredObject read = stored(object("18446744073709551615", "\"version\":1"));

    assertThat(read.revision()).isEqualTo(new Revision(-1));
    assertThat(read.createRevision()).isEqualTo(new Revision(-1));
  }

  @Test
  void read_minimalObject_hasTheDefaults() {
    StoredObject read = stored(object("7", ""));

    assertThat(read.spec().value()).isEqualTo(Bytes.EMPTY);
    assertThat(read.spec().version()).isEqualTo(1);
    assertThat(read.spec().cause()).isEqualTo(Cause.SET);
    assertThat(read.spec().writeId()).isEmpty();
    assertThat(read.isLive()).isTrue();
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

    StoredObject read = stored(json);

    assertThat(read.revision()).isEqualTo(new Revision(9));
    assertThat(read.spec().value()).isEqualTo(Bytes.utf8("v"));
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
        "\"deleted\":\"yes\"",
        "\"deleted\":true,\"value\":\"v\"",
        "\"writeId\":\"w\"",
        "\"writeId\":\"w@x\"",
        "\"lockIndex\":\"1\""
      })
  void read_illFormedField_isForeignAndNamesIt(String field) {
    ObservedObject read = ObjectJson.read(bytes(object("7", field)));

    assertThat(read)
        .isInstanceOfSatisfying(
            ObservedObject.Foreign.class,
            foreign -> {
              assertThat(foreign.name()).isEqualTo(NAME);
              assertThat(foreign.revision()).isEqualTo(new Revision(7));
              assertThat(foreign.problem()).isNotBlank();
            });
  }

  @Test
  void read_keyOfAnotherName_isForeign() {
    String json = object("7", "").replace("a/b", "a/c");

    assertThat(ObjectJson.read(bytes(json)))
        .isInstanceOfSatisfying(
            ObservedObject.Foreign.class,
            foreign ->
                assertThat(foreign.problem())
                    .isEqualTo("spec.key does not belong to metadata.name"));
  }

  @Test
  void read_objectWithoutSpec_isForeign() {
    assertThat(ObjectJson.read(bytes("{\"metadata\":{\"name\":\"n\"}}")))
        .isEqualTo(new ObservedObject.Foreign("n", "", Revision.ZERO, "spec.type is missing"));
  }

  @Test
  void read_notJson_fails() {
    assertThatThrownBy(() -> ObjectJson.read(bytes("{\"spec\":")))
        .isInstanceOf(tools.jackson.core.JacksonException.class);
    assertThatThrownBy(() -> ObjectJson.read(bytes("[]")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toCreate_textValue_isReadable() {
    ObjectSpec spec =
        ObjectSpec.first(
                ObjectType.VALUE,
                Key.of("a/b"),
                Bytes.utf8("{\"n\":1}"),
                Cause.CREATE,
                WriteId.creating("w1"))
            .withTtl(Optional.of(Duration.ofMillis(90_250)));

    assertThat(text(ObjectJson.toCreate(spec)))
        .isEqualTo(
            "{\"apiVersion\":\"kubekv.io/v1\",\"kind\":\"KeyValue\",\"metadata\":{\"name\":\""
                + NAME
                + "\"},\"spec\":{\"type\":\"Value\",\"key\":\"a/b\",\"value\":\"{\\\"n\\\":1}\","
                + "\"version\":1,\"ttl\":\"90.25s\",\"cause\":\"Create\",\"writeId\":\"w1@0\"}}");
  }

  @Test
  void toReplace_always_carriesWhatItReplacesAndDropsManagedFields() {
    StoredObject current = stored(object("9007199254740993", ""));

    assertThat(text(ObjectJson.toReplace(current, current.deletedBy("w2", Cause.EXPIRE))))
        .contains(
            "\"uid\":\"u-1\",\"resourceVersion\":\"9007199254740993\",\"managedFields\":[{}]}")
        .contains("\"cause\":\"Expire\",\"deleted\":true,\"writeId\":\"w2@9007199254740993\"")
        .doesNotContain("value");
  }

  @Test
  void toRemove_always_namesUidAndRevision() {
    ObservedObject object = ObjectJson.read(bytes(object("7", "")));

    assertThat(text(ObjectJson.toRemove(object)))
        .isEqualTo(
            "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\","
                + "\"preconditions\":{\"uid\":\"u-1\",\"resourceVersion\":\"7\"}}");
  }

  @Test
  void toCreate_largeTextThatEscapingTriples_isBase64() {
    String spread = "<".repeat(1 << 20);

    assertThat(text(ObjectJson.toCreate(value(Bytes.utf8(spread)))).length()).isLessThan(1_400_000);
    assertThat(text(ObjectJson.toCreate(value(Bytes.utf8("x".repeat(1 << 20))))))
        .contains("\"value\":\"xxx");
  }

  @Test
  void readPage_ofAList_hasObjectsRevisionAndToken() {
    String page =
        "{\"kind\":\"KeyValueList\",\"metadata\":{\"resourceVersion\":\"12\",\"continue\":\"c\","
            + "\"remainingItemCount\":3},\"items\":["
            + object("5", "")
            + ",{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"6\"},\"spec\":{}}]}";

    ObjectJson.Page read = ObjectJson.readPage(bytes(page));

    assertThat(read.revision()).isEqualTo(new Revision(12));
    assertThat(read.more()).contains("c");
    assertThat(read.objects())
        .extracting(ObservedObject::revision)
        .containsExactly(new Revision(5), new Revision(6));
  }

  @Test
  void readPage_lastOfAList_hasNoToken() {
    String page = "{\"items\":[],\"metadata\":{\"continue\":\"\",\"resourceVersion\":\"12\"}}";

    assertThat(ObjectJson.readPage(bytes(page)).more()).isEmpty();
  }

  @Provide
  Arbitrary<ObjectSpec> specs() {
    Arbitrary<Bytes> values =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Bytes::copyOf),
            Arbitraries.strings().all().ofMaxLength(40).map(Bytes::utf8),
            Arbitraries.of(
                    "\u0000", "\u0001\u001f\u007f", "\ud83d\ude00", "\u2028<>&\"\\", "\ufffd")
                .map(Bytes::utf8),
            Arbitraries.of((byte) 0x80, (byte) 0xc3, (byte) 0xff)
                .map(alone -> Bytes.copyOf(new byte[] {'a', alone, 'b'})));
    return Combinators.combine(
            keys(), values, Arbitraries.longs(), revisions().optional(), ttls(), locks())
        .as(ObjectJsonTest::spec);
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

  private static Arbitrary<Revision> revisions() {
    return Arbitraries.longs().map(Revision::new);
  }

  private static Arbitrary<LockState> locks() {
    return Combinators.combine(
            Arbitraries.create(SessionId::random).optional(),
            Arbitraries.longs().greaterOrEqual(0),
            revisions().optional(),
            revisions().optional())
        .as(LockState::new);
  }

  private static ObjectSpec spec(
      Key key,
      Bytes value,
      long number,
      Optional<Revision> created,
      Optional<Duration> ttl,
      LockState lock) {
    Cause cause = CAUSES.get(Math.floorMod(number, CAUSES.size()));
    ObjectType type = TYPES.get(Math.floorMod(number, TYPES.size()));
    if (type == ObjectType.SESSION) {
      return session(key.text(), number, ttl, cause);
    }
    boolean deleted = number % 3 == 0;
    boolean hasValue = !deleted && type != ObjectType.DIRECTORY;
    return new ObjectSpec(
        type,
        key,
        hasValue ? value : Bytes.EMPTY,
        number,
        number >>> 1 | 1,
        created,
        ttl,
        lock,
        cause,
        deleted,
        created.map(based -> new WriteId("w-_9", based)));
  }

  private static ObjectSpec session(String name, long number, Optional<Duration> ttl, Cause cause) {
    SessionId id = new SessionId(new UUID(number, number));
    SessionSettings settings =
        new SessionSettings(
            name,
            number % 2 == 0 ? SessionBehavior.DELETE : SessionBehavior.RELEASE,
            Duration.ofNanos(number & Long.MAX_VALUE));
    return ObjectSpec.first(
            ObjectType.SESSION,
            StoredObject.sessionKey(id),
            settings.toBytes(),
            cause,
            WriteId.creating("w"))
        .withTtl(ttl);
  }

  private static ObjectSpec value(Bytes value) {
    return ObjectSpec.first(ObjectType.VALUE, Key.of("a"), value, Cause.SET, WriteId.creating("w"));
  }

  /** The create's body with what the API adds. */
  private static String asAnswered(String body, ObjectSpec spec) {
    String name = ObjectNames.of(spec.type(), spec.key());
    return body.replace(
        "{\"name\":\"" + name + "\"}",
        "{\"name\":\"" + name + "\",\"uid\":\"u\",\"resourceVersion\":\"1\"}");
  }

  private static String object(String revision, String moreFields) {
    return "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u-1\",\"resourceVersion\":\"%s\"},"
            .formatted(NAME, revision)
        + "\"spec\":{\"type\":\"Value\",\"key\":\"a/b\""
        + (moreFields.isEmpty() ? "" : "," + moreFields)
        + "}}";
  }

  private static StoredObject stored(String json) {
    ObservedObject read = ObjectJson.read(bytes(json));
    assertThat(read).isInstanceOf(ObservedObject.Stored.class);
    return ((ObservedObject.Stored) read).object();
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
