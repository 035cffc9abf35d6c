package io.kubekv.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a server did with a probe.
 *
 * @param status 0 when there was no answer; the body then says why
 * @param headers by lower-case name
 * @param body a byte in each char
 * @param punctual where the time lay in the window that was asked for; empty when none was
 * @param millis from the request to the end of the answer
 */
record ProbeAnswer(
    int status, SortedMap<String, String> headers, String body, String punctual, long millis) {
  static final int NONE = 0;
  private static final int SHOWN = 300;

  static ProbeAnswer none(String why) {
    return new ProbeAnswer(NONE, new TreeMap<>(), why, "", 0);
  }

  ProbeAnswer withBody(String other) {
    return new ProbeAnswer(status, headers, other, punctual, millis);
  }

  ProbeAnswer timed(String place, long took) {
    return new ProbeAnswer(status, headers, body, place, took);
  }

  /** One line to be read by people. */
  @Override
  public String toString() {
    return (status == NONE ? "none" : Integer.toString(status))
        + " "
        + headers
        + " "
        + shortened(body)
        + (punctual.isEmpty() ? "" : " (" + punctual + ", " + millis + " ms)");
  }

  /** The beginning of a text of bytes, in a line. */
  static String shortened(String bytes) {
    String text = new String(bytes.getBytes(ISO_8859_1), UTF_8).replace("\n", "\\n");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
