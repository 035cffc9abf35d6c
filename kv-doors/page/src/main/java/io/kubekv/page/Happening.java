package io.kubekv.page;

import io.kubekv.Entry;
import io.kubekv.Key;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A change as it is shown in one row.
 *
 * @param what has become of the key: put or deleted
 * @param cause why
 * @param user who did it, empty where users have no names, or it happened by itself
 * @param door what was called to do it, empty where that is not known
 * @param time when, empty where that is not known
 * @param differs where it is shown what it has changed
 * @param restores where what it left, or has deleted, can be put again; empty where not
 */
record Happening(
    String revision,
    String key,
    String keyUrl,
    String what,
    String cause,
    String user,
    String door,
    String time,
    String size,
    String preview,
    String differs,
    String restores) {

  /**
   * @param writes whether keys can be changed here
   */
  static Happening of(Change change, boolean writes) {
    Key key = change.key();
    Optional<Entry> shown = change.entry().or(change::previous);
    boolean value = shown.map(entry -> !entry.isDirectory()).orElse(false);
    return new Happening(
        change.revision().toString(),
        Visible.of(key.text()),
        Urls.key(key),
        change.entry().isPresent() ? "put" : "deleted",
        change.cause().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        Visible.of(change.author().user()),
        Visible.of(change.author().door()).replace('-', ' '),
        change.entry().map(entry -> time(entry.modified())).orElse(""),
        shown.map(Happening::size).orElse(""),
        shown.filter(entry -> value).map(entry -> Value.preview(entry.value())).orElse(""),
        value ? Urls.diff(key, change.revision()) : "",
        value && writes ? Urls.restore(key, change.revision()) : "");
  }

  static String size(Entry entry) {
    return entry.isDirectory() ? "directory" : Value.size(entry.value().size());
  }

  /** Of milliseconds since 1970. */
  static String time(long millis) {
    return millis == 0
        ? ""
        : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
