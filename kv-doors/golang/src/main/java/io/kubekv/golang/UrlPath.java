package io.kubekv.golang;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Cleans URL paths as the routes of Go's {@code net/http} do before they look at them. */
public final class UrlPath {
  private UrlPath() {}

  /** Without empty, {@code .} and {@code ..} elements; a slash at the end stays. */
  public static byte[] clean(byte[] path) {
    // every byte as one character: only slashes and dots matter here
    String text = new String(path, StandardCharsets.ISO_8859_1);
    if (isClean(text)) {
      return path;
    }
    Deque<String> elements = new ArrayDeque<>();
    for (String element : text.split("/", -1)) {
      if (element.equals("..")) {
        elements.pollLast();
      } else if (!element.isEmpty() && !element.equals(".")) {
        elements.addLast(element);
      }
    }
    String end = text.endsWith("/") && !elements.isEmpty() ? "/" : "";
    return ("/" + String.join("/", elements) + end).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether a path as sent is clean and has no escapes, and is ASCII that can be printed. */
  public static boolean isPlain(String path) {
    return path.indexOf('%') < 0
        && path.chars().allMatch(c -> c > ' ' && c < 0x7f)
        && isClean(path);
  }

  private static boolean isClean(String text) {
    return text.startsWith("/")
        && !text.contains("//")
        && !text.contains("/./")
        && !text.contains("/../")
        && !text.endsWith("/.")
        && !text.endsWith("/..");
  }
}
