package io.kubekv.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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
  private static final ProbeBody.Kind INDEX = ProbeBody.Kind.INDEX;
  private static final int LONG = 250;
  private static final int NOTED = 100;

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
          SortedMap<String, String> aspects = comparison.aspects(answer, other);
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

  private SortedMap<String, String> aspects(ProbeAnswer expected, ProbeAnswer found) {
    SortedMap<String, String> aspects = new TreeMap<>(bodies(expected, found));
    if (expected.status() != found.status()) {
      aspects.put("status", "");
    }
    if (!expected.punctual().equals(found.punctual())) {
      aspects.put("time", "");
    }
    SortedSet<String> headers = new TreeSet<>(expected.headers().keySet());
    headers.addAll(found.headers().keySet());
    headers.remove("date");
    for (String name : headers) {
      header(name, header(name, expected), header(name, found))
          .ifPresent(note -> aspects.put("header:" + name, note));
    }
    return aspects;
  }

  /** A note if the two values differ. */
  private Optional<String> header(String name, String one, String other) {
    if (name.equals(INDEX_HEADER) && isNumber(one) && isNumber(other)) {
      return conflict(new ProbeBody.Value(INDEX, one), new ProbeBody.Value(INDEX, other));
    }
    return one.equals(other) ? Optional.empty() : Optional.of("");
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

  private SortedMap<String, String> bodies(ProbeAnswer expected, ProbeAnswer found) {
    ProbeBody one = ProbeBody.of(expected.body());
    ProbeBody other = ProbeBody.of(found.body());
    if (!one.text().equals(other.text())) {
      return new TreeMap<>(Map.of("body", firstDifference(one.text(), other.text())));
    }
    SortedMap<String, String> aspects = new TreeMap<>();
    for (int at = 0; at < one.values().size(); at++) {
      ProbeBody.Value value = one.values().get(at);
      String aspect = value.kind() == INDEX ? "indexes" : "ids";
      conflict(value, other.values().get(at))
          .ifPresent(note -> aspects.merge(aspect, note, (first, next) -> first));
    }
    return aspects;
  }

  /** Where two long texts differ; nothing if the beginning of the answer shows it anyway. */
  private static String firstDifference(String one, String other) {
    int at = Arrays.mismatch(one.toCharArray(), other.toCharArray());
    return at < LONG ? "" : "from %d: %s, not %s".formatted(at, after(one, at), after(other, at));
  }

  private static String after(String text, int at) {
    return ProbeAnswer.shortened(text.substring(at, Math.min(text.length(), at + NOTED)));
  }

  private Optional<String> conflict(ProbeBody.Value one, ProbeBody.Value other) {
    Pairs<String> pairs = others.get(one.kind());
    return pairs == null
        ? conflict(indexes, Long.valueOf(one.text()), Long.valueOf(other.text()))
        : conflict(pairs, one.text(), other.text());
  }

  private static <T extends Comparable<T>> Optional<String> conflict(
      Pairs<T> pairs, T one, T other) {
    return pairs.match(one, other) ? Optional.empty() : Optional.of(pairs.conflict(one, other));
  }
}
