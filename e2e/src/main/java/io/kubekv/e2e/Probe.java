package io.kubekv.e2e;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request with what is to be done and looked at; {@code data/consul/probes.txt} says how. */
final class Probe {
  private static final Set<String> DETAILS =
      Set.of(
          "keep",
          "header",
          "list",
          "pause",
          "within",
          "silent",
          "until",
          "meanwhile",
          "part",
          "fields",
          "slow");

  private final String id;
  private final ProbeRequest request;
  private final Map<String, List<String>> details;

  /** What an answer's time is held against, both ends included. */
  record Window(Duration from, Duration to) {
    String place(Duration time) {
      if (time.compareTo(from) < 0) {
        return "too early";
      }
      return time.compareTo(to) > 0 ? "too late" : "in time";
    }
  }

  /** A name for a field of the answer, of its headers or its JSON. */
  record Keep(String name, String field) {}

  /**
   * @throws IllegalArgumentException if a detail is unknown or cannot be read
   */
  Probe(String id, ProbeRequest request, Map<String, List<String>> details) {
    this.id = id;
    this.request = request;
    this.details = Map.copyOf(details);
    for (String name : details.keySet()) {
      if (!DETAILS.contains(name)) {
        throw new IllegalArgumentException("a probe has no detail '" + name + "'");
      }
    }
    request();
    keeps();
    headers();
    pause();
    window();
    silent();
    meanwhile();
  }

  String id() {
    return id;
  }

  ProbeRequest request() {
    return detail("list").map(length -> request.list(Integer.parseInt(length))).orElse(request);
  }

  List<Keep> keeps() {
    return all("keep", " ").stream().map(parts -> new Keep(parts.get(0), parts.get(1))).toList();
  }

  /** Name and value of each header that is sent besides the usual ones. */
  List<List<String>> headers() {
    return all("header", ": ");
  }

  Duration pause() {
    return millis("pause").orElse(Duration.ZERO);
  }

  Optional<Window> window() {
    List<List<String>> found = all("within", "\\.\\.");
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Window(millisOf(found.getFirst().get(0)), millisOf(found.getFirst().get(1))));
  }

  Optional<Duration> silent() {
    return millis("silent");
  }

  Optional<String> until() {
    return detail("until");
  }

  Optional<ProbeRequest> meanwhile() {
    return detail("meanwhile").map(ProbeRequest::of);
  }

  Optional<String> part() {
    return detail("part");
  }

  boolean onlyFields() {
    return details.containsKey("fields");
  }

  boolean slow() {
    return details.containsKey("slow");
  }

  private Optional<String> detail(String name) {
    return details.getOrDefault(name, List.of()).stream().findFirst();
  }

  private Optional<Duration> millis(String name) {
    return detail(name).map(Probe::millisOf);
  }

  private static Duration millisOf(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  /** Every value of a detail, each in its two parts. */
  private List<List<String>> all(String name, String separator) {
    return details.getOrDefault(name, List.of()).stream()
        .map(value -> pair(name, value, separator))
        .toList();
  }

  private static List<String> pair(String name, String value, String separator) {
    List<String> parts = List.of(value.split(separator, 2));
    if (parts.size() != 2) {
      throw new IllegalArgumentException("'" + name + "' needs two parts, not " + value);
    }
    return parts;
  }
}
