package io.kubekv.cli;

import java.util.function.Function;

/** Says failures in words for a person. */
final class Failures {
  private Failures() {}

  /**
   * The message of the failure and of its causes, each once.
   *
   * @param advice what to do about one of them, said behind it; empty: nothing
   */
  static String explain(Throwable failure, Function<Throwable, String> advice) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
      text.append(advice.apply(at));
    }
    return text.toString();
  }
}
