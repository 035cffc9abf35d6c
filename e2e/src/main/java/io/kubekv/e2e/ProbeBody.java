package io.kubekv.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A body with the values taken out that each server chooses for itself.
 *
 * @param text what must be equal
 * @param values what was taken out, in order
 */
record ProbeBody(String text, List<Value> values) {
  /** What such a value is. */
  enum Kind {
    /** Of a store's change; greater is later. */
    INDEX,
    /** Of a session or a node. */
    ID,
    /** A node's name. */
    NODE,
    /** A port on which the server listens. */
    PORT
  }

  /** One value taken out. */
  record Value(Kind kind, String text) {}

  private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  // a group for each kind, in the order of the kinds
  private static final Pattern OWN =
      Pattern.compile(
          "(?:(?<=\"(?:Create|Modify)Index\":) ?(\\d+)|(?<=current modify index )(\\d+))"
              + ("|(" + UUID + ")")
              + "|(?<=\"Node(?:Name)?\":\")([^\"]+)"
              + "|(?:(?<=127\\.0\\.0\\.1:)|(?<=\"[Pp]ort\":\"?)|(?<=\"wan_join_port\":\"))(\\d+)");
  private static final Pattern SESSIONS =
      Pattern.compile("\\[\\{\"ID\":\"" + UUID + "\",\"Name\":.*}]");
  private static final Pattern CREATED = Pattern.compile("\"CreateIndex\":(\\d+)");

  ProbeBody {
    values = List.copyOf(values);
  }

  static ProbeBody of(String body) {
    List<Value> values = new ArrayList<>();
    Matcher own = OWN.matcher(sorted(body));
    StringBuilder text = new StringBuilder();
    while (own.find()) {
      Value value = value(own);
      values.add(value);
      own.appendReplacement(text, "<" + value.kind() + ">");
    }
    return new ProbeBody(own.appendTail(text).toString(), values);
  }

  private static Value value(Matcher found) {
    if (found.group(3) != null) {
      return new Value(Kind.ID, found.group(3));
    }
    if (found.group(4) != null) {
      return new Value(Kind.NODE, found.group(4));
    }
    if (found.group(5) != null) {
      return new Value(Kind.PORT, found.group(5));
    }
    return new Value(Kind.INDEX, found.group(found.group(1) != null ? 1 : 2));
  }

  /** Sessions are listed in the order of their ids, which are random: here by their creation. */
  private static String sorted(String body) {
    if (!SESSIONS.matcher(body).matches()) {
      return body;
    }
    String[] sessions = body.substring(2, body.length() - 2).split("},\\{");
    Arrays.sort(sessions, Comparator.comparingLong(ProbeBody::created));
    return "[{" + String.join("},{", sessions) + "}]";
  }

  private static long created(String session) {
    Matcher created = CREATED.matcher(session);
    return created.find() ? Long.parseLong(created.group(1)) : Long.MAX_VALUE;
  }
}
