package io.kubekv.benchmarks.naive;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A key's object, both ways: kubekv's own custom resource. */
final class StoredJson {
  /** An annotation that is another one with every put. */
  private static final String WRITTEN = "kubekv.io/written";

  private StoredJson() {}

  /** The entry that an object holds. When it ends is counted from now: nobody knows better. */
  static Entry entry(JsonNode object) {
    JsonNode spec = object.path("spec");
    Revision revision = revision(object);
    boolean directory = spec.path("type").asString("").equals("Directory");
    String created = spec.path("createRevision").asString("");
    return new Entry(
        Key.of(spec.path("key").asString()),
        directory ? Kind.DIRECTORY : Kind.VALUE,
        value(spec),
        Long.parseUnsignedLong(spec.path("flags").asString("0")),
        created.isEmpty() ? revision : Revision.parse(created),
        revision,
        spec.path("version").asLong(1),
        expiry(spec),
        LockState.NONE);
  }

  static Revision revision(JsonNode object) {
    return Revision.parse(object.path("metadata").path("resourceVersion").asString("0"));
  }

  /** Why the object was last changed. */
  static Cause cause(JsonNode object) {
    String text = object.path("spec").path("cause").asString("Set");
    String constant = text.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    return Cause.valueOf(constant);
  }

  private static Bytes value(JsonNode spec) {
    return spec.has("valueBase64")
        ? Bytes.base64(spec.path("valueBase64").asString())
        : Bytes.utf8(spec.path("value").asString(""));
  }

  private static Optional<Expiry> expiry(JsonNode spec) {
    String ttl = spec.path("ttl").asString("");
    if (ttl.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal seconds = new BigDecimal(ttl.substring(0, ttl.length() - 1));
    Duration left = Duration.ofNanos(seconds.movePointRight(9).longValue());
    return Optional.of(new Expiry(left, Instant.now().plus(left)));
  }

  /** The object that a put leaves. */
  static ObjectNode object(PutRequest request, Optional<Entry> current) {
    boolean keeps = request.mode() != PutMode.REPLACE && current.isPresent();
    Kind kind = keeps ? current.get().kind() : request.kind();
    ObjectNode object = object(request.key(), kind, causeText(request.cause()));
    ObjectNode spec = (ObjectNode) object.path("spec");
    boolean refresh = request.mode() == PutMode.REFRESH;
    putValue(spec, refresh && keeps ? current.get().value() : request.value());
    long flags = refresh && keeps ? current.get().flags() : request.flags();
    if (flags != 0) {
      spec.put("flags", Long.toUnsignedString(flags));
    }
    spec.put("version", keeps ? current.get().version() + 1 : 1);
    if (keeps) {
      spec.put("createRevision", current.get().createRevision().toString());
    }
    request.timeToLive().ifPresent(ttl -> spec.put("ttl", seconds(ttl)));
    // the API server would drop a put of what is there, and tell no watch of it
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    metadata
        .putObject("annotations")
        .put(WRITTEN, current.map(Entry::modifyRevision).orElse(Revision.ZERO).toString());
    current.ifPresent(entry -> replaces(metadata, entry));
    return object;
  }

  /** A directory that a put needs above it. */
  static ObjectNode parent(Key key) {
    return object(key, Kind.DIRECTORY, "Parent");
  }

  private static ObjectNode object(Key key, Kind kind, String cause) {
    ObjectNode object = ObjectApi.JSON.createObjectNode();
    object.put("apiVersion", "kubekv.io/v1").put("kind", "KeyValue");
    ObjectNode metadata = object.putObject("metadata").put("name", Selection.objectName(key));
    ObjectNode labels = metadata.putObject("labels");
    for (Optional<Key> at = Optional.of(key); at.isPresent(); at = at.get().parent()) {
      labels.put(Selection.label(at.get().text()), "");
    }
    object
        .putObject("spec")
        .put("type", kind == Kind.DIRECTORY ? "Directory" : "Value")
        .put("key", key.text())
        .put("cause", cause);
    return object;
  }

  /** The API takes a change only of what its author has seen; managedFields would double it. */
  private static void replaces(ObjectNode metadata, Entry current) {
    metadata.put("resourceVersion", current.modifyRevision().toString());
    metadata.putArray("managedFields").addObject();
  }

  private static void putValue(ObjectNode spec, Bytes value) {
    Optional<String> text = value.asText().filter(one -> one.indexOf('\0') < 0);
    if (text.isPresent()) {
      spec.put("value", text.get());
    } else {
      spec.put("valueBase64", value.toBase64());
    }
  }

  private static String seconds(Duration ttl) {
    BigDecimal seconds =
        BigDecimal.valueOf(ttl.toSeconds()).add(BigDecimal.valueOf(ttl.toNanosPart(), 9));
    return seconds.stripTrailingZeros().toPlainString() + "s";
  }

  private static String causeText(Cause cause) {
    StringBuilder text = new StringBuilder();
    for (String word : cause.name().split("_")) {
      text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
