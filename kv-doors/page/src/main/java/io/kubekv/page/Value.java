package io.kubekv.page;

import io.kubekv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value as it is shown.
 *
 * @param form how
 * @param forms in which it can be shown; immutable
 * @param text safe to look at, not yet escaped for HTML
 * @param cut whether that is only its beginning
 */
record Value(Form form, List<Form> forms, String text, boolean cut) {
  /** What is shown of a value. */
  static final int TEXT = 64 << 10;

  private static final int DUMPED = 8 << 10;
  private static final int PREVIEW = 120;

  Value {
    forms = List.copyOf(forms);
  }

  /** A value in the form that is asked for, or else the one that says most. */
  static Value of(Bytes value, Optional<Form> asked) {
    Optional<String> text = value.asText();
    Optional<String> json = text.flatMap(all -> Json.laidOut(all, TEXT));
    List<Form> forms = new ArrayList<>();
    json.ifPresent(laidOut -> forms.add(Form.JSON));
    forms.add(Form.HEX);
    text.ifPresent(all -> forms.add(looksBinary(all) ? forms.size() : forms.size() - 1, Form.TEXT));
    Form form = asked.filter(forms::contains).orElse(forms.getFirst());
    return switch (form) {
      case JSON -> shown(form, forms, json.orElseThrow());
      case TEXT -> shown(form, forms, text.orElseThrow());
      case HEX -> {
        int length = Math.min(value.size(), DUMPED);
        String dump = Form.dump(value.toArray(), length);
        yield new Value(form, forms, dump, length < value.size());
      }
    };
  }

  private static Value shown(Form form, List<Form> forms, String text) {
    String beginning = Visible.cut(text, TEXT);
    String visible = Visible.lines(beginning);
    String cut = Visible.cut(visible, TEXT); // what is not seen takes more space as a code
    boolean whole = beginning.length() == text.length() && cut.length() == visible.length();
    return new Value(form, forms, cut, !whole);
  }

  /** UTF-8 has all bytes of numbers below 128. */
  private static boolean looksBinary(String text) {
    return text.indexOf('\0') >= 0;
  }

  /** The beginning of a value in one line. */
  static String preview(Bytes value) {
    int length = Math.min(value.size(), 4 * PREVIEW);
    Bytes beginning = value.size() == length ? value : first(value, length);
    String text = beginning.toText();
    boolean isText = value.size() == length ? value.asText().isPresent() : looksLikeText(text);
    if (isText) {
      return Visible.cut(Visible.of(text.strip()), PREVIEW);
    }
    return "binary";
  }

  private static Bytes first(Bytes value, int length) {
    byte[] beginning = new byte[length];
    value.toBuffer().get(beginning);
    return Bytes.copyOf(beginning);
  }

  /** The last character may have been cut. */
  private static boolean looksLikeText(String text) {
    int wrong = text.indexOf('\uFFFD');
    return wrong < 0 || wrong >= text.length() - 3;
  }

  /** How large a value is, for people. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes == 1 ? "1 byte" : bytes + " bytes";
    }
    return bytes < 1 << 20
        ? "%.1f KiB".formatted(bytes / 1024.0)
        : "%.1f MiB".formatted(bytes / 1048576.0);
  }
}
