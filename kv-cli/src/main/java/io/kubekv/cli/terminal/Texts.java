package io.kubekv.cli.terminal;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What people see of entries: one line each, whatever bytes are in them. */
public final class Texts {
  private static final int SHOWN = 60;

  private Texts() {}

  /** The value on one line, cut when it is long. */
  public static String shown(Entry entry) {
    if (entry.isDirectory()) {
      return "(directory)";
    }
    return entry.value().asText().map(Texts::line).orElseGet(() -> binary(entry.value()));
  }

  /** Text without line ends and other control characters, which would garble a terminal. */
  public static String line(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return text.length() > SHOWN ? shown + "..." : shown.toString();
  }

  /** Columns as wide as their widest cell. */
  public static void table(PrintStream out, List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        if (column == widths.size()) {
          widths.add(0);
        }
        widths.set(column, Math.max(widths.get(column), row.get(column).length()));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(String.format("%-" + (widths.get(column) + 2) + "s", row.get(column)));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static String binary(Bytes value) {
    return "(" + value.size() + " bytes)";
  }
}
