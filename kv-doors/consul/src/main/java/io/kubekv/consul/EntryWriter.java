package io.kubekv.consul;

import io.kubekv.Entry;
import io.kubekv.golang.Json;
import java.util.List;

/** Entries as Consul shows them. */
final class EntryWriter {
  /** The names of the fields, and numbers of a usual length. */
  private static final int AROUND = 160;

  private EntryWriter() {}

  static Response entries(List<Entry> entries) {
    Json json = new Json(entries.stream().mapToInt(EntryWriter::size).sum() + 2);
    String separator = "[";
    for (Entry entry : entries) {
      write(json.raw(separator), entry, true);
      separator = ",";
    }
    return Response.json(json.raw("]"));
  }

  /** About how many bytes it takes. */
  private static int size(Entry entry) {
    return AROUND + entry.key().text().length() + (entry.value().size() + 2) / 3 * 4;
  }

  /**
   * Writes one entry.
   *
   * @param withValue false: {@code null} in its place
   */
  static void write(Json json, Entry entry, boolean withValue) {
    json.raw("{\"LockIndex\":").number(entry.lock().lockIndex());
    json.raw(",\"Key\":").string(entry.key().text());
    json.raw(",\"Flags\":").number(entry.flags()).raw(",\"Value\":");
    if (entry.value().size() == 0 || !withValue) {
      json.raw("null");
    } else {
      json.raw("\"").raw(entry.value().toBase64()).raw("\"");
    }
    entry
        .lock()
        .holder()
        .ifPresent(session -> json.raw(",\"Session\":").string(session.toString()));
    json.raw(",\"CreateIndex\":").number(entry.createRevision().value());
    json.raw(",\"ModifyIndex\":").number(entry.modifyRevision().value()).raw("}");
  }

  static Response names(List<String> names) {
    Json json = new Json().raw("[");
    String separator = "";
    for (String name : names) {
      json.raw(separator).string(name);
      separator = ",";
    }
    return Response.json(json.raw("]"));
  }
}
