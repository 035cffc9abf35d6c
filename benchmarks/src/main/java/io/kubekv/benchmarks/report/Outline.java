package io.kubekv.benchmarks.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the first pages of the report are made of, before the appendix with every chapter.
 *
 * @param answers what kubekv costs, in as many lines
 * @param stores what each contestant is, by its name
 * @param operations the rows of the one table
 * @param clients how many at once, the columns of the one table
 * @param own the contestants whose losses are told
 * @param peer whom they are measured by
 * @param again a second one of the peer: how far two equal stores are measured apart
 * @param claims what is judged
 * @param plots those that stand before the appendix
 */
public record Outline(
    List<Answer> answers,
    Map<String, String> stores,
    List<Operation> operations,
    List<Double> clients,
    List<String> own,
    String peer,
    String again,
    List<Claim> claims,
    List<Highlight> plots) {
  public Outline {
    answers = List.copyOf(answers);
    stores = Collections.unmodifiableMap(new LinkedHashMap<>(stores));
    operations = List.copyOf(operations);
    clients = List.copyOf(clients);
    own = List.copyOf(own);
    claims = List.copyOf(claims);
    plots = List.copyOf(plots);
  }

  /**
   * One line of the answer.
   *
   * @param topic what it is about, in a word or two
   * @param before what stands in front of the number
   * @param after what stands behind it, with the unit
   */
  public record Answer(String topic, String before, Measure measure, String after) {}

  /** One operation of the table, and the scenario that measures it. */
  public record Operation(String name, String scenario) {}

  /** A plot of a scenario. */
  public record Highlight(String title, String scenario, Chapter.Plot plot) {}
}
