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
   * The event that shows these. A browser that has lost the stream asks again from the last on.
   *
   * @param skipped how many before them are not shown
   */
  String of(List<LiveStream.Placed> changes, long skipped) {
    StringBuilder html = new StringBuilder();
    for (LiveStream.Placed each : changes) {
      row(html, "change", Happening.of(each.change(), false));
    }
    if (skipped > 0) {
      row(html, "skipped", skipped);
    }
    return event(changes.getLast().place().text(), html);
  }

  /** The event that says that there may have been changes that are not shown. */
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

  private static String event(String place, StringBuilder html) {
    String data =
        html.toString().replace('\r', ' ').replace('\n', ' '); // which end an event's line
    String id = place.isEmpty() ? "" : "id: " + place + "\n";
    return "event: change\n" + id + "data: " + data + "\n\n";
  }
}
