package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Comparison;
import io.kubekv.benchmarks.report.Results;
import io.kubekv.e2e.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code benchmarks/compare BEFORE AFTER}: prints every figure of kubekv that has changed beyond
 * noise, and exits with 1 when one became worse.
 */
final class Compare {
  private Compare() {}

  public static void main(String[] arguments) throws IOException {
    Results before = Results.read(Path.of(arguments[0]));
    Results after = Results.read(Path.of(arguments[1]));
    List<Comparison.Line> lines = new Comparison(before, after, peers()).lines();
    List<Comparison.Line> own = lines.stream().filter(Compare::isOurs).toList();
    own.stream().filter(Compare::hasChanged).forEach(Compare::print);
    long others = lines.stream().filter(line -> !isOurs(line)).count();
    long moved = lines.stream().filter(line -> !isOurs(line) && hasChanged(line)).count();
    Check.say(
        "noise: of %d figures of the other contestants, which have not changed, %d moved as much",
        others, moved);
    Check.say("%s", counts(own));
    System.exit(own.stream().anyMatch(line -> line.verdict() == Comparison.Verdict.WORSE) ? 1 : 0);
  }

  private static Map<String, String> peers() {
    return new Plan(Size.ALL)
        .scenarios().stream()
            .collect(
                Collectors.toMap(one -> one.chapter().scenario(), one -> one.chapter().peer()));
  }

  private static boolean isOurs(Comparison.Line line) {
    return line.contestant().startsWith("kubekv");
  }

  private static boolean hasChanged(Comparison.Line line) {
    return line.verdict() == Comparison.Verdict.BETTER
        || line.verdict() == Comparison.Verdict.WORSE;
  }

  private static void print(Comparison.Line line) {
    Check.say(
        "%s: %s, %s at %.0f, %s: %.2f times what it was (p = %.4f)",
        line.verdict(),
        line.scenario(),
        line.contestant(),
        line.x(),
        line.figure(),
        line.change(),
        line.probability());
  }

  private static String counts(List<Comparison.Line> lines) {
    return lines.stream()
        .collect(Collectors.groupingBy(Comparison.Line::verdict, Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", ", "kubekv: ", ""));
  }
}
