package io.kubekv.page;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key as it is shown.
 *
 * @param value absent when there is none to show
 * @param forms where the value is in another form
 * @param history what has become of it, the newest first
 * @param oldest from which revision on the store remembers
 * @param below where the keys below it are
 */
record KeyScreen(
    String key,
    String keyText,
    String state,
    List<Fact> facts,
    Optional<Value> value,
    List<LevelScreen.Link> forms,
    String download,
    List<Happening> history,
    String oldest,
    boolean more,
    String edit,
    String delete,
    String watch,
    List<LevelScreen.Link> above,
    String below) {

  /** Something that is known of a key. */
  record Fact(String name, String value) {}

  static KeyScreen of(Key key, Lookup found, History history, Optional<Form> form, boolean writes) {
    Optional<Entry> entry = found.entry();
    Optional<Entry> valued = entry.filter(present -> !present.isDirectory());
    Optional<Value> value = valued.map(present -> Value.of(present.value(), form));
    boolean directory = entry.map(Entry::isDirectory).orElse(false);
    return new KeyScreen(
        Visible.of(key.text()),
        key.text(),
        state(entry, history),
        entry.map(KeyScreen::facts).orElse(List.of()),
        value,
        value.map(shown -> forms(key, shown)).orElse(List.of()),
        valued.isPresent() ? Urls.value(key) : "",
        history.changes().stream().map(change -> Happening.of(change, writes)).toList(),
        history.oldest().toString(),
        history.cut(),
        writes && !directory ? Urls.edit(key) : "",
        writes && valued.isPresent() ? Urls.delete(key) : "",
        Urls.watch(new Prefix(key.text())),
        LevelScreen.crumbs(key.text()),
        Urls.level(key.below()));
  }

  private static String state(Optional<Entry> entry, History history) {
    if (entry.isPresent()) {
      return entry.get().isDirectory() ? "a directory" : "";
    }
    return history.changes().isEmpty()
        ? "There is no such key, and the store remembers none."
        : "This key is deleted; what it was is below.";
  }

  private static List<LevelScreen.Link> forms(Key key, Value shown) {
    return shown.forms().stream()
        .map(
            form ->
                new LevelScreen.Link(
                    form.label(), form == shown.form() ? "" : Urls.key(key, form.field())))
        .toList();
  }

  private static List<Fact> facts(Entry entry) {
    List<Fact> facts = new ArrayList<>();
    if (!entry.isDirectory()) {
      facts.add(new Fact("Size", Value.size(entry.value().size())));
    }
    facts.add(new Fact("Revision", at(entry.modifyRevision().toString(), entry.modified())));
    facts.add(new Fact("Created", at(entry.createRevision().toString(), entry.created())));
    facts.add(new Fact("Version", Long.toString(entry.version())));
    if (entry.flags() != 0) {
      facts.add(new Fact("Flags", Long.toUnsignedString(entry.flags())));
    }
    entry
        .expiry()
        .ifPresent(
            expiry ->
                facts.add(
                    new Fact(
                        "Expires",
                        Happening.time(expiry.expiresAt().toEpochMilli())
                            + ", "
                            + Durations.text(expiry.timeToLive())
                            + " after the last put")));
    entry.attachedTo().ifPresent(id -> facts.add(new Fact("Ends with session", id.toString())));
    entry.lock().holder().ifPresent(id -> facts.add(new Fact("Held by session", id.toString())));
    entry
        .lock()
        .acquireRevision()
        .ifPresent(revision -> facts.add(new Fact("Fencing token", revision.toString())));
    entry
        .lock()
        .fence()
        .ifPresent(fence -> facts.add(new Fact("Highest token seen", fence.toString())));
    if (entry.lock().lockIndex() != 0) {
      facts.add(new Fact("Times acquired", Long.toUnsignedString(entry.lock().lockIndex())));
    }
    return facts;
  }

  private static String at(String revision, long millis) {
    return millis == 0 ? revision : revision + ", " + Happening.time(millis);
  }
}
