package io.kubekv.page;

import java.util.List;

/**
 * A form to change a key by.
 *
 * @param warnings what is to be thought of
 * @param diff what saving changes; empty before that was looked at
 */
record EditScreen(
    String key,
    String keyText,
    String keyUrl,
    String revision,
    String form,
    String value,
    String token,
    List<String> warnings,
    Diff diff,
    String hexUrl) {

  static EditScreen of(Edit edit, FormToken token, List<String> warnings, Diff diff) {
    return new EditScreen(
        Visible.of(edit.key().text()),
        edit.key().text(),
        Urls.key(edit.key()),
        edit.seen().toString(),
        edit.form().field(),
        edit.text(),
        token.text(),
        warnings,
        diff,
        edit.form() == Form.HEX ? "" : Urls.edit(edit.key()) + "&as=hex");
  }
}
