package io.kubekv.page;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.Revision;
import java.util.Optional;

/**
 * A new value of a key, before it is saved.
 *
 * @param seen the revision of the entry that it takes the place of; zero: of none
 * @param form in which it was written
 */
record Edit(Key key, Revision seen, Form form, Bytes value) {
  /** Values longer than that are for programs. */
  static final int MOST_BYTES = 256 << 10;

  /** What a form has sent. */
  static Edit of(Fields form) {
    Key key = form.key();
    Revision seen =
        form.revision("revision").orElseThrow(() -> PageError.bad("No revision is named."));
    Form written = Form.of(form.text("form")).orElse(Form.TEXT);
    String text = form.text("value");
    // browsers send every end of a line as two characters
    Bytes value =
        written == Form.HEX ? Form.ofDigits(text) : Bytes.utf8(text.replace("\r\n", "\n"));
    requireEditable(value);
    return new Edit(key, seen, written, value);
  }

  /** The value that is there, or another in its place. */
  static Edit of(Key key, Optional<Entry> current, Bytes value, boolean inHex) {
    if (current.map(Entry::isDirectory).orElse(false)) {
      throw PageError.bad("A directory has no value.");
    }
    requireEditable(value);
    Revision seen = current.map(Entry::modifyRevision).orElse(Revision.ZERO);
    return new Edit(key, seen, inHex || !survivesText(value) ? Form.HEX : Form.TEXT, value);
  }

  private static void requireEditable(Bytes value) {
    if (value.size() > MOST_BYTES) {
      throw new PageError(
          413,
          "Values of more than "
              + Value.size(MOST_BYTES)
              + " are not edited here: use kubekv put, or another client.");
    }
  }

  /**
   * Whether people see all of a text, and a browser sends it back as it was: it changes ends of
   * lines.
   */
  private static boolean survivesText(Bytes value) {
    return value.asText().map(text -> Visible.lines(text).equals(text)).orElse(false);
  }

  /** As it stands in a form. */
  String text() {
    return form == Form.HEX ? Form.digits(value) : value.toText();
  }

  Precondition precondition() {
    return seen.equals(Revision.ZERO) ? Precondition.ABSENT : new Precondition.RevisionIs(seen);
  }

  /** Whether it is about the entry that is there. */
  boolean isOf(Optional<Entry> current) {
    return current.map(Entry::modifyRevision).orElse(Revision.ZERO).equals(seen);
  }

  /** The same about what is there now. */
  Edit on(Optional<Entry> current) {
    return new Edit(key, current.map(Entry::modifyRevision).orElse(Revision.ZERO), form, value);
  }
}
