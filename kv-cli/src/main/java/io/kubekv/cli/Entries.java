package io.kubekv.cli;

import io.kubekv.Entry;
import io.kubekv.Expiry;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Entries as a table. */
final class Entries {
  private Entries() {}

  static void table(PrintStream out, List<Entry> entries) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("KEY", "REVISION", "SIZE", "TTL", "VALUE"));
    for (Entry entry : entries) {
      rows.add(
          List.of(
              Texts.line(entry.key().text()),
              entry.modifyRevision().toString(),
              String.valueOf(entry.value().size()),
              entry.expiry().map(Expiry::timeToLive).map(Durations::print).orElse("-"),
              Texts.shown(entry)));
    }
    Texts.table(out, rows);
  }
}
