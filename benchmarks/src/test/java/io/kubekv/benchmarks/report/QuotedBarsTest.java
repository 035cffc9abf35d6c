package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What documents say of bars, and of figures beside them. */
class QuotedBarsTest {
  /** A bar, and those of the same kind behind it: {@code >= 0.4 x, 0.6 x}. */
  private static final Pattern BARS =
      Pattern.compile("([<>]=) (?:raw )?(\\+ )?([\\d.,]*\\d)(?: \\w+)?((?:, \\d[\\d.]* x)*)");

  private static final Pattern NUMBER = Pattern.compile("\\d[\\d.,]*");
  private static final double ROUNDS = 0.05;

  private record Bar(boolean most, double limit) {
    static Bar of(Target target) {
      return new Bar(target.most(), target.limit());
    }

    static List<Bar> in(String text) {
      List<Bar> bars = new ArrayList<>();
      Matcher each = BARS.matcher(text);
      while (each.find()) {
        boolean most = each.group(1).equals("<=");
        bars.add(new Bar(most, number(each.group(3))));
        Matcher more = NUMBER.matcher(each.group(4));
        while (more.find()) {
          bars.add(new Bar(most, number(more.group())));
        }
      }
      return bars;
    }

    boolean isMetBy(double figure) {
      return most ? figure <= limit : figure >= limit;
    }
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }

  /** The cells of the rows of tables. */
  private static List<List<String>> rows(String document) throws IOException {
    return Files.readAllLines(Path.of(document)).stream()
        .filter(line -> line.startsWith("| "))
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
        .toList();
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("get", List.of(Target.GET_ALONE)),
        Arguments.of("put", List.of(Target.PUT_ALONE, Target.PUT_64, Target.PUT_MICROS)),
        Arguments.of(
            "put --kube",
            List.of(
                Target.KUBE_PUT_ADDED,
                Target.KUBE_PUT_64,
                Target.KUBE_PUT_256,
                Target.KUBE_PUT_MICROS)),
        Arguments.of(
            "put --etcd-v3", List.of(Target.ETCD_PUT_64, Target.ETCD_PUT_256, Target.ETCD_GET_64)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theReadme_hasTheBarsByWhichACommandJudges(String command, List<Target> targets)
      throws IOException {
    List<String> row =
        rows("README.md").stream()
            .filter(cells -> cells.get(1).equals("`" + command + "`"))
            .findFirst()
            .orElseThrow();

    assertThat(Bar.in(row.getLast())).isEqualTo(targets.stream().map(Bar::of).toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void figuresBesideOthers_areHeldToTheBarsOfTheirCommand(String command, List<Target> targets)
      throws IOException {
    List<Bar> allowed = targets.stream().map(Bar::of).toList();
    List<Bar> said =
        besideOthers().stream()
            .filter(row -> row.command().equals("`benchmarks/run " + command + "`"))
            .flatMap(row -> Bar.in(row.judged()).stream())
            .toList();

    assertThat(said).isNotEmpty().allMatch(allowed::contains);
  }

  @TestFactory
  Stream<DynamicTest> everyFigureBesideOthers_isWhatItSays() throws IOException {
    return besideOthers().stream()
        .map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row)));
  }

  private static void check(Row row) {
    boolean fallsShort = row.judged().contains("falls short");
    Matcher own = NUMBER.matcher(row.own());
    assertThat(own.find()).isTrue();
    double figure = number(own.group());
    Matcher other =
        NUMBER.matcher(row.other().replaceAll("etcd v?[23](\\.6)?|ZooKeeper 3\\.8", ""));
    Matcher ratio = NUMBER.matcher(row.judged().split("[(]")[0]);
    if (other.find() && ratio.find()) {
      boolean added = row.judged().replace("*", "").startsWith("+");
      double of = number(other.group());
      double said = number(ratio.group());
      assertThat(said)
          .isCloseTo(added ? figure - of : figure / of, within(ROUNDS * Math.max(1, said)));
      figure = said;
    }
    for (Bar bar : Bar.in(row.judged())) {
      assertThat(fallsShort).isEqualTo(!bar.isMetBy(figure));
    }
  }

  /**
   * A row of "Beside the others".
   *
   * @param judged the ratio and its bar
   */
  private record Row(String what, String own, String other, String judged, String command) {}

  private static List<Row> besideOthers() throws IOException {
    List<Row> found = new ArrayList<>();
    String command = "";
    for (List<String> cells : rows("FASTER.md")) {
      if (cells.size() != 6 || cells.get(1).equals("what") || cells.get(1).startsWith("-")) {
        continue;
      }
      command = cells.get(5).equals("the same") ? command : cells.get(5);
      found.add(new Row(cells.get(1), cells.get(2), cells.get(3), cells.get(4), command));
    }
    return found;
  }
}
