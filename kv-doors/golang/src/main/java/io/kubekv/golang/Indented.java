package io.kubekv.golang;

/** JSON laid out as Go's {@code json.MarshalIndent} does with four spaces, and a line feed. */
public final class Indented {
  private static final String STEP = "    ";

  private final String compact;
  private final StringBuilder out = new StringBuilder();
  private int depth;

  private Indented(String compact) {
    this.compact = compact;
  }

  /** {@code compact} must be JSON without white space between its tokens. */
  public static String of(String compact) {
    return new Indented(compact).layOut() + "\n";
  }

  private String layOut() {
    for (int at = 0; at < compact.length(); ) {
      char c = compact.charAt(at);
      int end = c == '"' ? endOfString(at) : at + 1;
      if (isEmptyContainer(at)) {
        end = at + 2;
        out.append(compact, at, end);
      } else if (c == '"') {
        out.append(compact, at, end);
      } else {
        token(c);
      }
      at = end;
    }
    return out.toString();
  }

  private void token(char c) {
    switch (c) {
      case '{', '[' -> {
        depth++;
        out.append(c);
        newLine();
      }
      case '}', ']' -> {
        depth--;
        newLine();
        out.append(c);
      }
      case ',' -> {
        out.append(c);
        newLine();
      }
      case ':' -> out.append(": ");
      default -> out.append(c);
    }
  }

  private void newLine() {
    out.append('\n').append(STEP.repeat(depth));
  }

  private boolean isEmptyContainer(int at) {
    return compact.startsWith("{}", at) || compact.startsWith("[]", at);
  }

  private int endOfString(int start) {
    int at = start + 1;
    while (compact.charAt(at) != '"') {
      at += compact.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }
}
