package io.kubekv.page;

import io.kubekv.Key;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What becomes of the entries of a file: how many of each kind, and which are worth a line. */
final class ImportTally {
  /** Entries that are named. */
  static final int NAMED = 100;

  /** What becomes, or would become, of an entry. */
  enum Fate {
    /** It is written where nothing is. */
    NEW("new"),
    /** It takes the place of something else. */
    CHANGED("changed"),
    SAME("the same already"),
    /** Something else is there, and stays. */
    KEPT("kept, because they differ"),
    /** Somebody has changed it since the file was looked at. */
    CHANGED_SINCE("left alone, because they have changed since you looked"),
    EXPIRED("over, because their time to live has ended"),
    REFUSED("refused"),
    /** Nobody knows whether it was written. */
    UNKNOWN("unknown, because the store did not say whether it wrote them"),
    NOT_TRIED("not tried");

    private final String words;

    Fate(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * A line about an entry, safe to look at.
   *
   * @param why empty when the fate says it
   */
  record Line(String key, String fate, String why) {}

  private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);
  private final List<Line> lines = new ArrayList<>();
  private long unnamed;

  void add(Fate fate) {
    counts.merge(fate, 1L, Long::sum);
  }

  /** The same for an entry that is named, as long as there is room. */
  void add(Fate fate, Key key, String why) {
    add(fate);
    if (lines.size() < NAMED) {
      lines.add(new Line(Visible.of(key.text()), fate.words(), Visible.cut(Visible.of(why), 300)));
    } else {
      unnamed++;
    }
  }

  long count(Fate fate) {
    return counts.getOrDefault(fate, 0L);
  }

  List<Line> lines() {
    return List.copyOf(lines);
  }

  /** How many that have a line of their own are left out. */
  long unnamed() {
    return unnamed;
  }
}
