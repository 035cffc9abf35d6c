package io.kubekv.k8s.form;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.LockState;
import io.kubekv.Revision;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes an entry as an object; {@code keyvalues.yaml} is the schema. */
final class SpecWriter {
  private static final JsonMapper JSON = JsonMapper.shared();

  private SpecWriter() {}

  static byte[] toJson(Entry entry, Cause cause) {
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", KeyValueDefinition.API_VERSION);
    object.put("kind", KeyValueDefinition.KIND);
    object.putObject("metadata").put("name", ObjectNames.of(entry.key()));
    write(object.putObject("spec"), entry, cause);
    return JSON.writeValueAsBytes(object);
  }

  private static void write(ObjectNode spec, Entry entry, Cause cause) {
    spec.put("type", entry.isDirectory() ? "Directory" : "Value");
    spec.put("key", entry.key().text());
    writeValue(spec, entry);
    if (entry.flags() != 0) {
      spec.put("flags", Long.toUnsignedString(entry.flags()));
    }
    spec.put("version", entry.version());
    spec.put("createRevision", entry.createRevision().toString());
    entry.expiry().map(Expiry::timeToLive).ifPresent(ttl -> spec.put("ttl", seconds(ttl)));
    writeLock(spec, entry.lock());
    entry.attachedTo().ifPresent(session -> spec.put("attachedTo", session.toString()));
    spec.put("cause", Causes.text(cause));
  }

  private static void writeValue(ObjectNode spec, Entry entry) {
    if (entry.value().size() == 0) {
      return;
    }
    Optional<String> text = TextValues.asText(entry.value());
    if (text.isPresent()) {
      spec.put("value", text.get());
    } else {
      spec.put("valueBase64", entry.value().toBase64());
    }
  }

  private static void writeLock(ObjectNode spec, LockState lock) {
    lock.holder().ifPresent(session -> spec.put("session", session.toString()));
    if (lock.lockIndex() != 0) {
      spec.put("lockIndex", lock.lockIndex());
    }
    writeRevision(spec, "acquireRevision", lock.acquireRevision());
    writeRevision(spec, "fence", lock.fence());
  }

  private static void writeRevision(ObjectNode spec, String name, Optional<Revision> revision) {
    revision.ifPresent(known -> spec.put(name, known.toString()));
  }

  private static String seconds(Duration duration) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toSeconds())
            .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
            .stripTrailingZeros();
    return seconds.toPlainString() + "s";
  }
}
