package io.kubekv.cli.terminal;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says failures in words for a person. */
public final class Failures {
  private Failures() {}

  /** The message of the failure and of its causes, each once, on one line. */
  public static String explain(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = words(at);
      if (!message.isEmpty() && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }

  /** Whether these are the words of a cause, and no more. */
  private static boolean isOf(Throwable cause, @Nullable String message) {
    return message == null
        || message.equals(cause.toString())
        || message.equals(cause.getMessage());
  }

  /** Empty for one that only wraps its cause. */
  private static String words(Throwable failure) {
    if (failure instanceof IOException file) {
      return FileProblems.explain(file);
    }
    if (failure instanceof NumberFormatException) {
      return ""; // whoever has read the number says what it is for
    }
    String message = failure.getMessage();
    Throwable cause = failure.getCause();
    if (cause != null && isOf(cause, message)) {
      return "";
    }
    if (message == null) {
      return failure instanceof TimeoutException
          ? "no answer came in time"
          : "kubekv has a defect (" + failure.getClass().getSimpleName() + "): please report it";
    }
    return message.lines().findFirst().orElse("");
  }
}
