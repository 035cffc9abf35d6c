package io.kubekv.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Compares two servers' answers to the same probes. Each aspect of an answer is compared by itself:
 * {@code status}, {@code body}, {@code indexes} and {@code ids} (those of the body), {@code time},
 * and each header as {@code header:name}. Dates are left out. An index must stand for the same
 * index of the other server throughout, and a greater one for a greater one; an id, a node's name
 * and a port for the same one.
 */
final class ProbeComparison {
  private static final String INDEX_HEADER = "x-consul-index";
  private static final String ABSENT = "absent";

  private final Pairs<Long> indexes = new Pairs<>(true);
  private final Map<ProbeBody.Kind, Pairs<String>> others =
      Map.of(
          ProbeBody.Kind.ID, new Pairs<>(false),
          ProbeBody.Kind.NODE, new Pairs<>(false),
          ProbeBody.Kind.PORT, new Pairs<>(false));

  private ProbeComparison() {
    indexes.match(0L, 0L);
  }

  /** The probes that differ, in their order. */
  static List<ProbeDifference> of(
      SequencedMap<String, ProbeAnswer> expected, Map<String, ProbeAnswer> found) {
    ProbeComparison comparison = new ProbeComparison();
    // entries first: what a header says of a list may then be held against them
    expected.forEach((id, answer) -> comparison.bodies(answer, answerOf(found, id)));
    List<ProbeDifference> differences = new ArrayList<>();
    expected.forEach(
        (id, answer) -> {
          ProbeAnswer other = answerOf(found, id);
          SortedSet<String> aspects = comparison.aspects(answer, other);
          if (!aspects.isEmpty()) {
            differences.add(new ProbeDifference(id, aspects, answer, other));
          }
        });
    return differences;
  }

  private static ProbeAnswer answerOf(Map<String, ProbeAnswer> found, String id) {
    ProbeAnswer answer = found.get(id);
    return answer == null ? ProbeAnswer.none("was not asked") : answer;
  }

  private SortedSet<String> aspects(ProbeAnswer expected, ProbeAnswer found) {
    SortedSet<String> aspects = new TreeSet<>(bodies(expected, found));
    if (expected.status() != found.status()) {
      aspects.add("status");
    }
    if (!expected.punctual().equals(found.punctual())) {
      aspects.add("time");
    }
    SortedSet<String> headers = new TreeSet<>(expected.headers().keySet());
    headers.addAll(found.headers().keySet());
    headers.remove("date");
    headers.removeIf(name -> sameHeader(name, expected, found));
    headers.forEach(name -> aspects.add("header:" + name));
    return aspects;
  }

  private boolean sameHeader(String name, ProbeAnswer expected, ProbeAnswer found) {
    String one = header(name, expected);
    String other = header(name, found);
    return name.equals(INDEX_HEADER) && isNumber(one) && isNumber(other)
        ? indexes.match(Long.valueOf(one), Long.valueOf(other))
        : one.equals(other);
  }

  /** The length of a body that is there is as good as the body. */
  private static String header(String name, ProbeAnswer answer) {
    String value = answer.headers().getOrDefault(name, ABSENT);
    boolean itsLength = value.equals(Integer.toString(answer.body().length()));
    return name.equals("content-length") && itsLength ? "the body's" : value;
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,18}");
  }

  private SortedSet<String> bodies(ProbeAnswer expected, ProbeAnswer found) {
    ProbeBody one = ProbeBody.of(expected.body());
    ProbeBody other = ProbeBody.of(found.body());
    SortedSet<String> aspects = new TreeSet<>();
    if (!one.text().equals(other.text())) {
      aspects.add("body");
      return aspects;
    }
    List<ProbeBody.Value> values = one.values();
    for (int at = 0; at < values.size(); at++) {
      if (!match(values.get(at), other.values().get(at))) {
        aspects.add(values.get(at).kind() == ProbeBody.Kind.INDEX ? "indexes" : "ids");
      }
    }
    return aspects;
  }

  private boolean match(ProbeBody.Value one, ProbeBody.Value other) {
    Pairs<String> pairs = others.get(one.kind());
    return pairs == null
        ? indexes.match(Long.valueOf(one.text()), Long.valueOf(other.text()))
        : pairs.match(one.text(), other.text());
  }
}
