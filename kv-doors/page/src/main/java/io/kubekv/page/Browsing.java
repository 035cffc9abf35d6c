package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The screens on which keys are looked at. */
final class Browsing {
  private final KeyValueStore store;
  private final boolean writes;

  Browsing(KeyValueStore store, boolean writes) {
    this.store = store;
    this.writes = writes;
  }

  void level(Call call) {
    Prefix prefix = call.query().prefix();
    Optional<String> after =
        Optional.of(call.query().text("after")).filter(text -> !text.isEmpty());
    Level level = Levels.read(store, prefix, after);
    String title = prefix.text().isEmpty() ? "Keys" : Visible.of(prefix.text());
    call.answer(
        "level",
        new Frame(title, "keys", prefix.text()),
        LevelScreen.of(level, after.isPresent(), writes));
  }

  void key(Call call) {
    Key key = call.query().key();
    Lookup found = Await.read(store.get(key, Freshness.LINEARIZABLE));
    History history = History.of(store, new Range.Exact(key));
    Optional<Form> form = Form.of(call.query().text("as"));
    call.answer(
        found.entry().isPresent() || !history.changes().isEmpty() ? 200 : 404,
        "key",
        new Frame(Visible.of(key.text()), "keys", key.text()),
        KeyScreen.of(key, found, history, form, writes));
  }

  /** The bytes as they are, to be kept as a file: a browser shows none of them. */
  void value(Call call) {
    Key key = call.query().key();
    Entry entry =
        Await.read(store.get(key, Freshness.LINEARIZABLE))
            .entry()
            .orElseThrow(() -> new PageError(404, "There is no such key."));
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(new Header("Content-Type", "application/octet-stream"));
    headers.add(new Header("Content-Disposition", "attachment; filename=\"value\""));
    call.exchange().reply(200, headers, Payload.of(entry.value().toArray()));
  }

  /**
   * What a change has changed.
   *
   * @param revision of the change
   */
  record DiffScreen(
      String key,
      String keyUrl,
      String revision,
      Happening happening,
      Diff diff,
      String restores) {}

  void diff(Call call) {
    Key key = call.query().key();
    Revision revision =
        call.query().revision("revision").orElseThrow(() -> PageError.bad("No revision is named."));
    Change change = change(store, key, revision);
    Diff diff = Diff.of(value(change.previous()), value(change.entry()));
    Happening happening = Happening.of(change, writes);
    call.answer(
        "diff",
        new Frame(Visible.of(key.text()) + " at " + revision, "keys", key.text()),
        new DiffScreen(
            Visible.of(key.text()),
            Urls.key(key),
            revision.toString(),
            happening,
            diff,
            happening.restores()));
  }

  private static Bytes value(Optional<Entry> entry) {
    return entry.map(Entry::value).orElse(Bytes.EMPTY);
  }

  /** A change that the store remembers. */
  static Change change(KeyValueStore store, Key key, Revision revision) {
    return History.of(store, new Range.Exact(key))
        .at(revision)
        .orElseThrow(
            () ->
                new PageError(
                    410, "The change of revision " + revision + " is no longer remembered."));
  }

  /**
   * Keys that are gone.
   *
   * @param more whether others are
   */
  record DeletedScreen(
      String prefix, String prefixText, List<Happening> gone, String oldest, boolean more) {}

  void deleted(Call call) {
    Prefix prefix = call.query().prefix();
    History history = History.ofDeleted(store, prefix);
    List<Happening> gone =
        history.changes().stream().map(change -> Happening.of(change, writes)).toList();
    call.answer(
        "deleted",
        new Frame("Deleted keys", "deleted", prefix.text()),
        new DeletedScreen(
            Visible.of(prefix.text()),
            prefix.text(),
            gone,
            history.oldest().toString(),
            history.cut()));
  }
}
