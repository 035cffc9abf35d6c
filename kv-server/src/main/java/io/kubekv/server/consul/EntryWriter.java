package io.kubekv.server.consul;

import io.kubekv.Entry;
import io.kubekv.server.golang.Json;
import java.util.List;

/** Entries as Consul shows them. */
final class EntryWriter {
  private EntryWriter() {}

  static Response entries(List<Entry> entries) {
    Json json = new Json();
    String separator = "[";
    for (Entry entry : entries) {
      write(json.raw(separator), entry, true);
      separator = ",";
    }
    return Response.json(json.raw("]"));
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
