package io.kubekv.page;

import io.kubekv.Entry;
import io.kubekv.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A level of the keys as it is shown.
 *
 * @param crumbs the levels above, the topmost first
 * @param next where further children are; empty when there are none
 * @param export where the file of all its keys is
 * @param first where the level begins, where this is not the first page of it; empty otherwise
 */
record LevelScreen(
    List<Link> crumbs,
    String prefix,
    String prefixText,
    List<Row> rows,
    String keys,
    String revision,
    String next,
    String first,
    String watch,
    String deleted,
    String export,
    boolean writes) {

  /** Where something is. */
  record Link(String name, String url) {}

  /**
   * A child of the level.
   *
   * @param size of its value, or how many keys are below it
   */
  record Row(String name, String url, String kind, String size, String revision, String changed) {}

  static LevelScreen of(Level level, boolean further, boolean writes) {
    Prefix prefix = level.prefix();
    return new LevelScreen(
        crumbs(prefix.text()),
        Visible.of(prefix.text()),
        prefix.text(),
        level.children().stream().map(child -> row(prefix, child)).toList(),
        keys(level.keys()),
        level.at().toString(),
        level.more().map(last -> Urls.levelAfter(prefix, last)).orElse(""),
        further ? Urls.level(prefix) : "",
        Urls.watch(prefix),
        Urls.deleted(prefix),
        Urls.export(prefix),
        writes);
  }

  static String keys(long count) {
    return count == 1 ? "1 key" : String.format(Locale.ROOT, "%,d keys", count);
  }

  /** The levels that a text is in, the topmost first. */
  static List<Link> crumbs(String prefix) {
    List<Link> crumbs = new ArrayList<>();
    crumbs.add(new Link("all keys", Urls.HOME));
    int from = 0;
    for (int slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', from)) {
      String text = prefix.substring(from, slash + 1);
      crumbs.add(
          new Link(Visible.of(text), Urls.level(new Prefix(prefix.substring(0, slash + 1)))));
      from = slash + 1;
    }
    return crumbs;
  }

  private static Row row(Prefix prefix, Level.Child child) {
    int cut = prefix.text().lastIndexOf('/') + 1;
    String name = Visible.of(child.text().substring(cut));
    return child
        .entry()
        .map(entry -> row(name.isEmpty() ? "(this key itself)" : name, entry))
        .orElseGet(
            () ->
                new Row(
                    name,
                    Urls.level(new Prefix(child.text())),
                    "level",
                    keys(child.keys()),
                    "",
                    ""));
  }

  private static Row row(String name, Entry entry) {
    return new Row(
        name,
        Urls.key(entry.key()),
        entry.isDirectory() ? "directory" : "key",
        entry.isDirectory() ? "" : Value.size(entry.value().size()),
        entry.modifyRevision().toString(),
        Happening.time(entry.modified()));
  }
}
