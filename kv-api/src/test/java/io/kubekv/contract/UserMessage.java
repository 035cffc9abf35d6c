package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** What every message to a person must be, whatever it says. */
public final class UserMessage {
  /** A class with its package, as {@code java.io.IOException}. */
  private static final Pattern CLASS = Pattern.compile("\\b[a-z]+\\.[a-z]+\\.(\\w+\\.)*[A-Z]\\w+");

  private static final Pattern STACK = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(");
  private static final Pattern BARE_PATH = Pattern.compile("(?m)^(kubekv: )?/\\S*$");

  private UserMessage() {}

  /** Refuses names of classes, stack traces, and lines that are a path and nothing else. */
  public static void requireForPeople(String text) {
    assertThat(text).as("a message").isNotBlank();
    for (Pattern pattern : List.of(CLASS, STACK, BARE_PATH)) {
      assertThat(text).as("%s in a message", pattern).doesNotContainPattern(pattern);
    }
    assertThat(text)
        .as("a message")
        .doesNotContain("Exception", "null", "Channel Pipeline", "io exception", "REDACTED");
  }
}
