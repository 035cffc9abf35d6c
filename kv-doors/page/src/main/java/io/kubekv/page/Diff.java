package io.kubekv.page;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import io.kubekv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What two values differ in, line by line: JSON as it is laid out, what is no text in hexadecimal.
 *
 * @param lines those that differ, with a few around them; immutable
 * @param cut whether only the beginnings were compared
 */
record Diff(List<Line> lines, boolean cut) {
  private static final int COMPARED_LINES = 1000;
  private static final int COMPARED_BYTES = 8 << 10;
  private static final int LINE = 500;
  private static final int AROUND = 3;

  Diff {
    lines = List.copyOf(lines);
  }

  /** What a line is in the comparison. */
  enum Kind {
    SAME(" ", "same"),
    ADDED("+", "added"),
    REMOVED("−", "removed"),
    LEFT_OUT("⋯", "left out");

    private final String sign;
    private final String words;

    Kind(String sign, String words) {
      this.sign = sign;
      this.words = words;
    }

    String sign() {
      return sign;
    }

    String words() {
      return words;
    }
  }

  /**
   * A line.
   *
   * @param text safe to look at
   */
  record Line(Kind kind, String text) {}

  /** Whether the values are the same as far as they were compared. */
  boolean isEmpty() {
    return lines.isEmpty();
  }

  static Diff of(Bytes before, Bytes after) {
    if (before.equals(after)) {
      return new Diff(List.of(), false);
    }
    Optional<String> left = before.asText();
    Optional<String> right = after.asText();
    List<String> from;
    List<String> to;
    if (left.isPresent() && right.isPresent()) {
      Optional<String> leftJson = Json.laidOut(left.get(), Value.TEXT);
      Optional<String> rightJson = Json.laidOut(right.get(), Value.TEXT);
      boolean json = leftJson.isPresent() && rightJson.isPresent() && !leftJson.equals(rightJson);
      from = lines(json ? leftJson.get() : left.get());
      to = lines(json ? rightJson.get() : right.get());
    } else {
      from = dump(before);
      to = dump(after);
    }
    boolean cut =
        from.size() > COMPARED_LINES
            || to.size() > COMPARED_LINES
            || (left.isEmpty() && before.size() > COMPARED_BYTES)
            || (right.isEmpty() && after.size() > COMPARED_BYTES);
    return new Diff(compared(first(from), first(to)), cut);
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n", COMPARED_LINES + 2));
  }

  private static List<String> dump(Bytes value) {
    return lines(Form.dump(value.toArray(), Math.min(value.size(), COMPARED_BYTES)).strip());
  }

  private static List<String> first(List<String> lines) {
    return lines.subList(0, Math.min(lines.size(), COMPARED_LINES));
  }

  private static List<Line> compared(List<String> from, List<String> to) {
    List<Line> lines = new ArrayList<>();
    List<Line> added = new ArrayList<>();
    int at = 0;
    List<AbstractDelta<String>> deltas =
        DiffUtils.diff(from, to, new MyersDiffWithLinearSpace<>(), null).getDeltas();
    for (AbstractDelta<String> delta : deltas) {
      int start = delta.getSource().getPosition();
      if (start > at) { // what is added in the place of something stands behind that
        lines.addAll(added);
        added.clear();
        same(lines, from.subList(at, start), lines.isEmpty() ? 0 : AROUND, AROUND);
      }
      delta.getSource().getLines().forEach(line -> lines.add(line(Kind.REMOVED, line)));
      delta.getTarget().getLines().forEach(line -> added.add(line(Kind.ADDED, line)));
      at = start + delta.getSource().size();
    }
    lines.addAll(added);
    if (!lines.isEmpty()) {
      same(lines, from.subList(at, from.size()), AROUND, 0);
    }
    return lines;
  }

  /** Lines that are the same; of many those that are next to a difference. */
  private static void same(List<Line> lines, List<String> all, int first, int last) {
    int head = Math.min(first, all.size());
    int tail = Math.max(head, all.size() - last);
    all.subList(0, head).forEach(line -> lines.add(line(Kind.SAME, line)));
    if (tail > head) {
      lines.add(new Line(Kind.LEFT_OUT, tail - head + " lines that are the same"));
    }
    all.subList(tail, all.size()).forEach(line -> lines.add(line(Kind.SAME, line)));
  }

  private static Line line(Kind kind, String text) {
    return new Line(kind, Visible.lines(Visible.cut(text, LINE)));
  }
}
