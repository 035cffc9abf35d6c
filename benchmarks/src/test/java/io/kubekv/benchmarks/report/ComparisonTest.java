package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir Path folder;

  private Results run(String name, String figure, double[] peer, double... own) throws IOException {
    Results results = Results.create(folder.resolve(name), Map.of());
    for (int round = 0; round < own.length; round++) {
      results.add(Sample.of(new Sample.Cell("get", "etcd", 1, round), Map.of(figure, peer[round])));
      results.add(
          Sample.of(new Sample.Cell("get", "kubekv", 1, round), Map.of(figure, own[round])));
    }
    return results;
  }

  private static Comparison.Line compare(Results before, Results after) {
    List<Comparison.Line> lines = new Comparison(before, after, Map.of("get", "etcd")).lines();
    return lines.stream()
        .filter(line -> line.contestant().equals("kubekv"))
        .findFirst()
        .orElseThrow();
  }

  private static double[] same(int count) {
    double[] ones = new double[count];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void slower_isWorse() throws IOException {
    Results before = run("a", Figure.P50, same(5), 1.0, 1.1, 0.9, 1.05, 0.95);
    Results after = run("b", Figure.P50, same(5), 1.5, 1.6, 1.4, 1.55, 1.45);

    Comparison.Line line = compare(before, after);

    assertThat(line.verdict()).isEqualTo(Comparison.Verdict.WORSE);
    assertThat(line.change()).isEqualTo(1.5);
    assertThat(line.probability()).isLessThan(0.01);
  }

  @Test
  void moreASecond_isBetter() throws IOException {
    Results before = run("a", Figure.PER_SECOND, same(5), 100, 101, 102, 103, 104);
    Results after = run("b", Figure.PER_SECOND, same(5), 200, 201, 202, 203, 204);

    assertThat(compare(before, after).verdict()).isEqualTo(Comparison.Verdict.BETTER);
  }

  @Test
  void withinNoise_isTheSame() throws IOException {
    Results before = run("a", Figure.P50, same(5), 1.0, 1.6, 0.9, 1.4, 0.95);
    Results after = run("b", Figure.P50, same(5), 1.5, 0.98, 1.7, 1.3, 1.45);

    assertThat(compare(before, after).verdict()).isEqualTo(Comparison.Verdict.SAME);
  }

  @Test
  void significantButSmall_isTheSame() throws IOException {
    Results before = run("a", Figure.P50, same(5), 1.000, 1.001, 1.002, 1.003, 1.004);
    Results after = run("b", Figure.P50, same(5), 1.010, 1.011, 1.012, 1.013, 1.014);

    assertThat(compare(before, after).verdict()).isEqualTo(Comparison.Verdict.SAME);
  }

  @Test
  void slowerMachine_isNotOurs() throws IOException {
    Results before = run("a", Figure.P50, new double[] {2, 2, 2, 2, 2}, 1.0, 1.1, 0.9, 1.05, 0.95);
    Results after = run("b", Figure.P50, new double[] {4, 4, 4, 4, 4}, 2.0, 2.2, 1.8, 2.1, 1.9);

    assertThat(compare(before, after).verdict()).isEqualTo(Comparison.Verdict.SAME);
  }

  @Test
  void fewRounds_tellNothing() throws IOException {
    Results before = run("a", Figure.P50, same(3), 1, 1, 1);
    Results after = run("b", Figure.P50, same(3), 9, 9, 9);

    assertThat(compare(before, after).verdict()).isEqualTo(Comparison.Verdict.UNKNOWN);
  }
}
