package io.kubekv.benchmarks.report;

import java.util.stream.Collectors;

/**
 * Breaks the long lines of a Markdown text, but for those that must be one: tables, heads, images.
 */
final class ShortLines {
  private static final int LENGTH = 120;

  private ShortLines() {}

  static String of(String markdown) {
    return markdown.lines().map(ShortLines::broken).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String broken(String line) {
    if (line.length() <= LENGTH || line.matches("[|#!].*")) {
      return line;
    }
    String indent = line.startsWith("* ") ? "  " : "";
    StringBuilder text = new StringBuilder();
    int start = 0;
    for (String word : line.split(" ")) {
      if (text.length() - start + word.length() >= LENGTH) {
        text.append('\n');
        start = text.length();
        text.append(indent);
      } else if (!text.isEmpty()) {
        text.append(' ');
      }
      text.append(word);
    }
    return text.toString();
  }
}
