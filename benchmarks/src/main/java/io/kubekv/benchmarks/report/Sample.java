package io.kubekv.benchmarks.report;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one contestant showed at one point of one scenario, once.
 *
 * @param scenario its name
 * @param contestant its name
 * @param x the point: how many clients, keys, hosts ..., by the scenario
 * @param round which repetition, from 0
 * @param figures by name; empty when it could not be measured
 * @param failure why not
 */
public record Sample(
    String scenario,
    String contestant,
    double x,
    int round,
    Map<String, Double> figures,
    Optional<String> failure) {
  public Sample {
    figures = Map.copyOf(figures);
  }

  public static Sample of(Cell cell, Map<String, Double> figures) {
    return new Sample(
        cell.scenario(), cell.contestant(), cell.x(), cell.round(), figures, Optional.empty());
  }

  public static Sample failed(Cell cell, String failure) {
    return new Sample(
        cell.scenario(), cell.contestant(), cell.x(), cell.round(), Map.of(), Optional.of(failure));
  }

  /** What a sample is of. */
  public record Cell(String scenario, String contestant, double x, int round) {}

  public Cell cell() {
    return new Cell(scenario, contestant, x, round);
  }

  /** By its name, or of several names with {@code +} between them the sum; all must be there. */
  Optional<Double> figure(String name) {
    double sum = 0;
    for (String part : name.split("\\+")) {
      Double value = figures.get(part);
      if (value == null) {
        return Optional.empty();
      }
      sum += value;
    }
    return Optional.of(sum);
  }

  /** As a line of a results file holds it, in a fixed order. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new java.util.LinkedHashMap<>();
    json.put("scenario", scenario);
    json.put("contestant", contestant);
    json.put("x", x);
    json.put("round", round);
    json.put("figures", new TreeMap<>(figures));
    failure.ifPresent(why -> json.put("failure", why));
    return json;
  }
}
