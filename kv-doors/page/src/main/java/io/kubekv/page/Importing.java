package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import java.util.Base64;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The screens on which a file of an export is put into the store: first what would change, then
 * what did. Nothing is kept between the two: the second form has the file in it.
 */
final class Importing {
  /** A file must fit into a form, as base64 beside the rest. */
  static final int MOST_BYTES = 1 << 20;

  static final int MOST_ENTRIES = 10_000;

  private final KeyValueStore store;
  private final FormToken token;
  private final Predicate<Key> mayPut;
  private final LongSupplier clock;

  /**
   * @param mayPut whether who asks may write a key; may block
   * @param clock nanoseconds that never go back
   */
  Importing(KeyValueStore store, FormToken token, Predicate<Key> mayPut, LongSupplier clock) {
    this.store = store;
    this.token = token;
    this.mayPut = mayPut;
    this.clock = clock;
  }

  /**
   * Where a file is chosen.
   *
   * @param most how large it may be
   */
  record ChooseScreen(String token, String most, String entries) {}

  void form(Call call) {
    call.answer(
        "import",
        frame(),
        new ChooseScreen(
            token.text(), Value.size(MOST_BYTES), String.format(Locale.ROOT, "%,d", MOST_ENTRIES)));
  }

  private static Frame frame() {
    return new Frame("Import", "keys", "");
  }

  /** The steps: look at what would change, write. */
  void post(Call call) {
    Upload upload = Upload.of(call.exchange());
    token.require(call.exchange(), upload.fields());
    switch (upload.fields().text("step")) {
      case "look" -> look(call, upload);
      case "write" -> write(call, upload.fields());
      default -> throw PageError.bad("A file is looked at or written.");
    }
  }

  private void look(Call call, Upload upload) {
    byte[] file =
        upload.file().orElseThrow(() -> PageError.bad("No file was chosen, or an empty one."));
    requireSmall(file);
    boolean overwrite = upload.fields().text("overwrite").equals("yes");
    Revision now = Await.read(store.revision(Freshness.LINEARIZABLE));
    ImportFile items = ImportFile.of(file, MOST_ENTRIES);
    ImportLook look = new ImportLook(store, mayPut, new Freshness.AtLeast(now), overwrite, clock);
    items.each(look::take);
    call.answer(
        "import-look",
        frame(),
        ImportScreen.of(look.tally(), items.note(), "", token.text())
            .toWrite(Base64.getEncoder().encodeToString(file), now.toString(), overwrite));
  }

  private void write(Call call, Fields form) {
    byte[] file;
    try {
      file = Base64.getDecoder().decode(form.text("content"));
    } catch (IllegalArgumentException wrong) {
      throw PageError.bad("The form has lost its file: choose it again.");
    }
    requireSmall(file);
    Revision seen =
        form.revision("revision").orElseThrow(() -> PageError.bad("No revision is named."));
    boolean overwrite = form.text("overwrite").equals("yes");
    ImportFile items = ImportFile.of(file, MOST_ENTRIES);
    ImportWrite write = new ImportWrite(store, seen, overwrite, clock);
    items.each(write::take);
    write.finish();
    call.answer(
        write.stopped().isEmpty() ? 200 : 503,
        "import-done",
        frame(),
        ImportScreen.of(write.tally(), items.note(), write.stopped(), token.text()));
  }

  private static void requireSmall(byte[] file) {
    if (file.length > MOST_BYTES) {
      throw new PageError(
          413,
          "The file has more than "
              + Value.size(MOST_BYTES)
              + ", so nothing was changed: use kubekv import, which takes any size.");
    }
  }
}
