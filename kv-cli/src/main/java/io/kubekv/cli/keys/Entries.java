package io.kubekv.cli.keys;

import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Texts;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/** Entries as a table. */
final class Entries {
  private static final List<String> HEADER = List.of("KEY", "REVISION", "SIZE", "TTL", "VALUE");

  private Entries() {}

  static void table(PrintStream out, TableOptions output, List<Entry> entries) {
    output.table(out, HEADER, entries.stream().map(Entries::row).toList());
  }

  /** With what is cut behind a slash in front. */
  static void table(PrintStream out, TableOptions output, Listing listing) {
    Stream<List<String>> cut = listing.prefixes().stream().map(Entries::row);
    Stream<List<String>> whole = listing.entries().stream().map(Entries::row);
    output.table(out, HEADER, Stream.concat(cut, whole).toList());
  }

  private static List<String> row(Prefix cut) {
    return List.of(Texts.line(cut.text()), "-", "-", "-", "(keys below)");
  }

  private static List<String> row(Entry entry) {
    return List.of(
        Texts.line(entry.key().text()),
        entry.modifyRevision().toString(),
        String.valueOf(entry.value().size()),
        entry.expiry().map(Expiry::timeToLive).map(Durations::print).orElse("-"),
        Texts.shown(entry));
  }
}
