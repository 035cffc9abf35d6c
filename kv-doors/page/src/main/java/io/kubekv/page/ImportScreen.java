package io.kubekv.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an import would do, or has done.
 *
 * @param counts how many entries there are of each kind that has any
 * @param writes how many would be written
 * @param unnamed how many more could be named
 * @param note what is to be known of the file; empty for nothing
 * @param stopped why not all was tried; empty when all was
 * @param token shows that the form is from here
 * @param content the file, as base64
 * @param revision of the store when the file was looked at
 */
record ImportScreen(
    List<Count> counts,
    String writes,
    List<ImportTally.Line> lines,
    String unnamed,
    String note,
    String stopped,
    String token,
    String content,
    String revision,
    boolean overwrite) {
  /** How many of a kind. */
  record Count(String number, String words) {}

  static ImportScreen of(ImportTally tally, String note, String stopped, String token) {
    List<Count> counts = new ArrayList<>();
    for (ImportTally.Fate fate : ImportTally.Fate.values()) {
      long count = tally.count(fate);
      if (count > 0) {
        counts.add(new Count(number(count), fate.words()));
      }
    }
    long writes = tally.count(ImportTally.Fate.NEW) + tally.count(ImportTally.Fate.CHANGED);
    return new ImportScreen(
        List.copyOf(counts),
        writes == 0 ? "" : number(writes),
        tally.lines(),
        tally.unnamed() == 0 ? "" : number(tally.unnamed()),
        note,
        stopped,
        token,
        "",
        "",
        false);
  }

  /** The same with what it takes to write it. */
  ImportScreen toWrite(String newContent, String newRevision, boolean newOverwrite) {
    return new ImportScreen(
        counts,
        writes,
        lines,
        unnamed,
        note,
        stopped,
        token,
        newContent,
        newRevision,
        newOverwrite);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
