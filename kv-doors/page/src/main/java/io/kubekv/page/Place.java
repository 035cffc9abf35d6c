package io.kubekv.page;

import io.kubekv.Revision;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a browser has seen the changes of a range: so many of a revision, and all before it. One
 * revision may have many, and a stream may end between two of them.
 */
record Place(Revision revision, int changes) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})");

  /** Before everything. */
  static final Place START = new Place(Revision.ZERO, 0);

  /** As {@link #text} writes it; empty for anything else. */
  static Optional<Place> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new Place(Revision.parse(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /** Behind the next change. */
  Place after(Change change) {
    return new Place(change.revision(), change.revision().equals(revision) ? changes + 1 : 1);
  }

  /** Whether who is there has seen what lies at the other place. */
  boolean hasSeen(Place other) {
    return revision.equals(other.revision)
        ? other.changes <= changes
        : revision.isAfter(other.revision);
  }

  String text() {
    return revision + "." + changes;
  }
}
