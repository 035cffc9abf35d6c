package io.kubekv.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands before the appendix: answers, the one table, verdicts, losses, noise. */
final class FirstPages {
  /** Of each operation, for so many clients. */
  private static final List<String> FIGURES =
      List.of(Figure.P50, Figure.P99, Figure.PER_SECOND, Figure.total(Figure.CPU));

  private final Results results;
  private final Outline outline;

  FirstPages(Results results, Outline outline) {
    this.results = results;
    this.outline = outline;
  }

  /** A line of the answer, as a page shows it. */
  public record Said(String topic, String before, String number, String after) {}

  /** What a page shows of a claim. */
  public record Judgement(
      String topic, String said, String verdict, List<Claim.Judged> bars, String answer) {}

  List<Said> answers() {
    return outline.answers().stream()
        .map(
            answer ->
                new Said(answer.topic(), answer.before(), number(answer.measure()), answer.after()))
        .toList();
  }

  private String number(Measure measure) {
    String text = measure.text(results);
    return text.isEmpty() ? "(not measured)" : text;
  }

  List<Judgement> judgements() {
    return outline.claims().stream()
        .map(
            claim ->
                new Judgement(
                    claim.topic(),
                    claim.said(),
                    claim.verdict(results),
                    claim.bars().stream().map(bar -> bar.judge(results)).toList(),
                    claim.answer()))
        .toList();
  }

  /** A row for each operation and contestant, medians for each number of clients. */
  Table matrix() {
    List<String> head = new ArrayList<>(List.of("operation", "store"));
    for (double clients : outline.clients()) {
      FIGURES.forEach(
          figure -> head.add(Findings.counted(clients, "clients") + ": " + Figure.head(figure)));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Outline.Operation operation : outline.operations()) {
      for (String contestant : results.contestants(operation.scenario())) {
        List<String> row = new ArrayList<>(List.of(operation.name(), contestant));
        for (double clients : outline.clients()) {
          FIGURES.forEach(figure -> row.add(median(operation, contestant, clients, figure)));
        }
        rows.add(row);
      }
    }
    return new Table(head, rows);
  }

  private String median(
      Outline.Operation operation, String contestant, double clients, String figure) {
    return Spread.of(results.values(operation.scenario(), contestant, clients, figure))
        .map(spread -> Figure.text(spread.median()))
        .orElse(
            results.hasFailed(operation.scenario(), contestant, clients)
                ? "failed"
                : "not measured");
  }

  /** Where one of ours was behind the peer in every round. */
  Table losses() {
    List<List<String>> rows = new ArrayList<>();
    for (Outline.Operation operation : outline.operations()) {
      for (double clients : outline.clients()) {
        for (String own : outline.own()) {
          for (String figure : FIGURES) {
            beside(operation, own, clients, figure)
                .filter(ratio -> isBehind(ratio, figure))
                .ifPresent(ratio -> rows.add(row(operation, clients, own, figure, ratio)));
          }
        }
      }
    }
    return new Table(
        List.of("operation", "clients", "store", "figure", "by " + outline.peer() + "'s"), rows);
  }

  /** Everything that two equal stores showed, one by the other's. */
  Table noise() {
    List<List<String>> rows = new ArrayList<>();
    for (Outline.Operation operation : outline.operations()) {
      for (double clients : outline.clients()) {
        for (String figure : FIGURES) {
          beside(operation, outline.again(), clients, figure)
              .ifPresent(
                  ratio ->
                      rows.add(
                          List.of(
                              operation.name(),
                              Figure.count(clients),
                              Figure.head(figure),
                              ratio.text())));
        }
      }
    }
    return new Table(
        List.of("operation", "clients", "figure", outline.again() + " by " + outline.peer() + "'s"),
        rows);
  }

  private Optional<Spread> beside(
      Outline.Operation operation, String contestant, double clients, String figure) {
    return Measure.ratio(operation.scenario(), contestant, outline.peer(), clients, figure)
        .spread(results);
  }

  private static boolean isBehind(Spread ratio, String figure) {
    return Figure.isBetterWhenHigher(figure) ? ratio.greatest() < 1 : ratio.least() > 1;
  }

  private static List<String> row(
      Outline.Operation operation, double clients, String own, String figure, Spread ratio) {
    return List.of(operation.name(), Figure.count(clients), own, Figure.head(figure), ratio.text());
  }
}
