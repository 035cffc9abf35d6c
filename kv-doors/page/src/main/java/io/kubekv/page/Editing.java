package io.kubekv.page;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The screens on which keys are changed. Every change is of the entry that was looked at: if it has
 * changed meanwhile, nothing happens, and what it is now is shown.
 */
final class Editing {
  private static final Diff NONE = new Diff(List.of(), false);

  private final KeyValueStore store;
  private final FormToken token;

  Editing(KeyValueStore store, FormToken token) {
    this.store = store;
    this.token = token;
  }

  private Optional<Entry> current(Key key) {
    return Await.read(store.get(key, Freshness.LINEARIZABLE)).entry();
  }

  void form(Call call) {
    Key key = call.query().key();
    Optional<Entry> current = current(key);
    boolean inHex = call.query().text("as").equals("hex");
    Bytes value = current.map(Entry::value).orElse(Bytes.EMPTY);
    form(call, Edit.of(key, current, value, inHex), current);
  }

  private void form(Call call, Edit edit, Optional<Entry> current) {
    answer(call, 200, "edit", edit, current, NONE);
  }

  /** What was there at a revision, to be put again. */
  void restore(Call call) {
    Key key = call.query().key();
    Revision version =
        call.query().revision("version").orElseThrow(() -> PageError.bad("No version is named."));
    Change change = Browsing.change(store, key, version);
    Entry wanted =
        change
            .entry()
            .or(change::previous)
            .filter(entry -> !entry.isDirectory())
            .orElseThrow(
                () -> new PageError(410, "There was no value at revision " + version + "."));
    Optional<Entry> current = current(key);
    preview(call, Edit.of(key, current, wanted.value(), false), current);
  }

  private void preview(Call call, Edit edit, Optional<Entry> current) {
    Diff diff = Diff.of(current.map(Entry::value).orElse(Bytes.EMPTY), edit.value());
    answer(call, 200, "preview", edit, current, diff);
  }

  private void answer(
      Call call, int status, String screen, Edit edit, Optional<Entry> current, Diff diff) {
    Frame frame = new Frame("Edit " + Visible.of(edit.key().text()), "keys", edit.key().text());
    EditScreen shown = EditScreen.of(edit, token, warnings(current), diff);
    call.answer(status, screen, frame, shown);
  }

  private static List<String> warnings(Optional<Entry> current) {
    List<String> warnings = new ArrayList<>();
    current
        .flatMap(Entry::expiry)
        .ifPresent(
            expiry ->
                warnings.add(
                    "The key expires: its time to live of "
                        + Durations.text(expiry.timeToLive())
                        + " begins anew when you save."));
    current
        .flatMap(entry -> entry.lock().holder())
        .ifPresent(
            holder ->
                warnings.add(
                    "Session "
                        + holder
                        + " holds this key as a lock, and does not expect others to change it."));
    current
        .flatMap(Entry::attachedTo)
        .ifPresent(session -> warnings.add("The key ends with session " + session + "."));
    return warnings;
  }

  /** The steps: look at the difference, go back to the form, save. */
  void post(Call call) {
    Fields form = call.form();
    token.require(call.exchange(), form);
    Edit edit = Edit.of(form);
    Optional<Entry> current = current(edit.key());
    if (!edit.isOf(current)) {
      conflict(call, edit, current);
      return;
    }
    switch (form.text("step")) {
      case "preview" -> preview(call, edit, current);
      case "edit" -> form(call, edit, current);
      case "save" -> save(call, edit, current);
      default -> throw PageError.bad("A form is previewed, edited or saved.");
    }
  }

  private void save(Call call, Edit edit, Optional<Entry> current) {
    PutRequest request =
        PutRequest.of(edit.key(), edit.value())
            .withFlags(current.map(Entry::flags).orElse(0L))
            .withAttachment(Attachment.KEEP)
            .withPrecondition(edit.precondition());
    if (current.isPresent() && current.get().expiry().isPresent()) {
      request = request.withTimeToLive(current.get().expiry().get().timeToLive());
    }
    PutOutcome outcome = Await.change(store.put(request));
    switch (outcome) {
      case PutOutcome.Stored stored -> call.redirect(303, Urls.key(edit.key()));
      case Refused refused -> conflict(call, edit, current(edit.key()));
    }
  }

  /** Somebody was faster: what is there now, and what would take its place. */
  private void conflict(Call call, Edit edit, Optional<Entry> current) {
    Diff diff = Diff.of(current.map(Entry::value).orElse(Bytes.EMPTY), edit.value());
    answer(call, 409, "conflict", edit.on(current), current, diff);
  }

  /**
   * Whether a key is to go.
   *
   * @param revision of what is there
   */
  record DeleteScreen(
      String key, String keyText, String keyUrl, String revision, String preview, String token) {}

  void confirmDelete(Call call) {
    Key key = call.query().key();
    Entry entry = deletable(key);
    call.answer(
        "delete",
        new Frame("Delete " + Visible.of(key.text()), "keys", key.text()),
        new DeleteScreen(
            Visible.of(key.text()),
            key.text(),
            Urls.key(key),
            entry.modifyRevision().toString(),
            Value.preview(entry.value()),
            token.text()));
  }

  private Entry deletable(Key key) {
    return current(key)
        .filter(entry -> !entry.isDirectory())
        .orElseThrow(() -> new PageError(404, "There is no such key with a value."));
  }

  void delete(Call call) {
    Fields form = call.form();
    token.require(call.exchange(), form);
    Key key = form.key();
    Revision seen =
        form.revision("revision").orElseThrow(() -> PageError.bad("No revision is named."));
    DeleteOutcome outcome =
        Await.change(
            store.delete(
                DeleteRequest.of(key).withPrecondition(new Precondition.RevisionIs(seen))));
    switch (outcome) {
      case DeleteOutcome.Deleted deleted -> call.redirect(303, Urls.key(key));
      case Refused refused ->
          throw new PageError(
              409, "The key has changed since you looked at it, so it was not deleted.");
    }
  }
}
