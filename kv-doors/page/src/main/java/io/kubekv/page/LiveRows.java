package io.kubekv.page;

import java.util.List;
import java.util.Map;

/**
 * Rows as events of a stream. A browser is told to drop old ones, so that it holds a bounded list.
 */
final class LiveRows {
  /** What a browser shows. */
  static final int SHOWN = 200;

  private long last;

  /**
   * The event that shows these.
   *
   * @param skipped how many before them are not shown
   * @param whole whether all changes of the last revision are among them: from there on a browser
   *     that has lost the stream asks again
   */
  String of(List<Change> changes, long skipped, boolean whole) {
    StringBuilder html = new StringBuilder();
    for (Change change : changes) {
      row(html, "change", Happening.of(change, false));
    }
    if (skipped > 0) {
      row(html, "skipped", skipped);
    }
    return event(whole ? changes.getLast().revision().toString() : "", html);
  }

  /** The event that says that there may be more. */
  String lost() {
    StringBuilder html = new StringBuilder();
    row(html, "lost", "");
    return event("", html);
  }

  private void row(StringBuilder html, String template, Object screen) {
    last++;
    html.append(Page.text("live-" + template, Map.of("id", "live" + last, "screen", screen)));
    if (last > SHOWN) {
      html.append("<li id=\"live").append(last - SHOWN).append("\" hx-swap-oob=\"delete\"></li>");
    }
  }

  private static String event(String revision, StringBuilder html) {
    String data =
        html.toString().replace('\r', ' ').replace('\n', ' '); // which end an event's line
    String id = revision.isEmpty() ? "" : "id: " + revision + "\n";
    return "event: change\n" + id + "data: " + data + "\n\n";
  }
}
