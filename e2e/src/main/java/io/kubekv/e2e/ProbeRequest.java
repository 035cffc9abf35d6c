package io.kubekv.e2e;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP request of a file of probes, {@code METHOD TARGET} or {@code METHOD TARGET <- BODY}. Its
 * texts hold a byte in each char.
 *
 * @param body empty when there is none
 */
record ProbeRequest(String method, String target, String body) {
  private static final Pattern LINE =
      Pattern.compile("([A-Z]+) (\\S+)(?: <- (.*))?", Pattern.DOTALL);

  static ProbeRequest of(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not METHOD TARGET or METHOD TARGET <- BODY: " + line);
    }
    String body = parts.group(3);
    return new ProbeRequest(parts.group(1), parts.group(2), body == null ? "" : body);
  }

  /** The same with a JSON list of so many bodies; in each, # is its number. */
  ProbeRequest list(int length) {
    StringBuilder list = new StringBuilder("[");
    for (int number = 0; number < length; number++) {
      list.append(number == 0 ? "" : ", ").append(body.replace("#", Integer.toString(number)));
    }
    return new ProbeRequest(method, target, list.append(']').toString());
  }

  /** The same with the names in it replaced. */
  ProbeRequest with(ProbeNames names) {
    return new ProbeRequest(method, names.expand(target), names.expand(body));
  }

  @Override
  public String toString() {
    return method + " " + target + (body.isEmpty() ? "" : " <- " + body);
  }
}
