package io.kubekv.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The samples of a run, as lines of JSON in a file. The first line says what was run, on which
 * machine. A sample is in the file when {@link #add} returns, so that a run that is ended at any
 * moment goes on where it was. Not thread-safe.
 */
public final class Results {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final Map<String, String> about;
  private final List<Sample> samples;
  private final Set<Sample.Cell> measured = new HashSet<>();

  private Results(Path file, Map<String, String> about, List<Sample> samples) {
    this.file = file;
    this.about = about;
    this.samples = samples;
    samples.forEach(sample -> measured.add(sample.cell()));
  }

  /** Begins a file, in place of one that is there. */
  public static Results create(Path file, Map<String, String> about) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, JSON.writeValueAsString(Map.of("run", about)) + "\n");
    return new Results(file, new LinkedHashMap<>(about), new ArrayList<>());
  }

  /** Reads a file; what is added comes behind. A last line that was cut off is taken out. */
  public static Results read(Path file) throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    List<Sample> samples = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      JsonNode json;
      try {
        json = JSON.readTree(line);
      } catch (JacksonException cutOff) {
        break;
      }
      whole.add(line);
      if (json.has("run")) {
        json.path("run").properties().forEach(e -> about.put(e.getKey(), e.getValue().asString()));
      } else {
        samples.add(sample(json));
      }
    }
    if (whole.size() < lines.size()) {
      Files.writeString(file, String.join("\n", whole) + "\n");
    }
    return new Results(file, about, samples);
  }

  /** Notes, in the file too, that a run goes on later, and with which kubekv. */
  public void resume(Map<String, String> later) throws IOException {
    String what = later.getOrDefault("kubekv", "unknown") + " at " + later.get("begun");
    String topic = "resumed";
    for (int again = 2; about.containsKey(topic); again++) {
      topic = "resumed, " + again;
    }
    String with = later.get("command") == null ? "" : ", by " + later.get("command");
    append(Map.of("run", Map.of(topic, what + with)));
    about.put(topic, what + with);
  }

  private static Sample sample(JsonNode json) {
    Map<String, Double> figures = new LinkedHashMap<>();
    json.path("figures")
        .properties()
        .forEach(figure -> figures.put(figure.getKey(), figure.getValue().asDouble()));
    return new Sample(
        json.path("scenario").asString(),
        json.path("contestant").asString(),
        json.path("x").asDouble(),
        json.path("round").asInt(),
        figures,
        Optional.ofNullable(json.get("failure")).map(JsonNode::asString));
  }

  /** Adds a sample, in the file too. */
  public void add(Sample sample) throws IOException {
    append(sample.toJson());
    samples.add(sample);
    measured.add(sample.cell());
  }

  private void append(Map<String, ?> line) throws IOException {
    Files.writeString(
        file,
        JSON.writeValueAsString(line) + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.APPEND);
  }

  public boolean has(Sample.Cell cell) {
    return measured.contains(cell);
  }

  /** What was run, where and when, by topic. */
  public Map<String, String> about() {
    return Map.copyOf(about);
  }

  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** The samples of a scenario. */
  public List<Sample> of(String scenario) {
    return samples.stream().filter(sample -> sample.scenario().equals(scenario)).toList();
  }

  /** The contestants of a scenario, in the order in which they were first measured. */
  public List<String> contestants(String scenario) {
    return of(scenario).stream().map(Sample::contestant).distinct().toList();
  }

  /** The points of a scenario, growing. */
  public List<Double> points(String scenario) {
    return of(scenario).stream().map(Sample::x).distinct().sorted().toList();
  }

  /**
   * A figure of a contestant at a point, once for each round that has it, in order.
   *
   * @param figure a name, or several with {@code +} between them, which are added up
   */
  public double[] values(String scenario, String contestant, double x, String figure) {
    return samples.stream()
        .filter(sample -> sample.scenario().equals(scenario))
        .filter(sample -> sample.contestant().equals(contestant) && sample.x() == x)
        .flatMap(sample -> sample.figure(figure).stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** A figure of a contestant by another's of the same round, for each round that has both. */
  public double[] ratios(String scenario, String contestant, String peer, double x, String figure) {
    Map<Integer, Double> peers = byRound(scenario, peer, x, figure);
    List<Double> ratios = new ArrayList<>();
    byRound(scenario, contestant, x, figure)
        .forEach(
            (round, value) -> {
              Double by = peers.get(round);
              if (by != null && by != 0) {
                ratios.add(value / by);
              }
            });
    return ratios.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Map<Integer, Double> byRound(
      String scenario, String contestant, double x, String figure) {
    Map<Integer, Double> values = new LinkedHashMap<>();
    for (Sample sample : of(scenario)) {
      if (sample.contestant().equals(contestant) && sample.x() == x) {
        sample.figure(figure).ifPresent(value -> values.put(sample.round(), value));
      }
    }
    return values;
  }

  /** Whether a contestant could not be measured at a point, in one round at least. */
  boolean hasFailed(String scenario, String contestant, double x) {
    return samples.stream()
        .filter(sample -> sample.scenario().equals(scenario))
        .filter(sample -> sample.contestant().equals(contestant) && sample.x() == x)
        .anyMatch(sample -> sample.failure().isPresent());
  }

  /** How often what was measured was: {@code 5}, or {@code 3 to 5}; empty when nothing was. */
  String rounds() {
    Map<String, Long> times =
        samples.stream()
            .filter(sample -> sample.failure().isEmpty())
            .collect(
                Collectors.groupingBy(
                    sample -> sample.scenario() + " " + sample.contestant() + " " + sample.x(),
                    Collectors.counting()));
    LongSummaryStatistics all =
        times.values().stream().mapToLong(Long::longValue).summaryStatistics();
    return all.getCount() == 0
        ? ""
        : all.getMin() == all.getMax() ? "" + all.getMax() : all.getMin() + " to " + all.getMax();
  }
}
