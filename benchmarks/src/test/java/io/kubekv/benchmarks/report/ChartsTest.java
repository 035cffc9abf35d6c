package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class ChartsTest {
  private static final Chapter.Plot PLOT =
      new Chapter.Plot("Median", Figure.P50, "ms", Chapter.Kind.LINES);
  private static final Chapter CHAPTER =
      new Chapter("docker", "Engines", "How.", "hosts", "etcd", List.of(PLOT));

  @TempDir Path folder;

  private XYChart lines(double... values) throws IOException {
    Results results = Results.create(folder.resolve("results.jsonl"), Map.of());
    for (int round = 0; round < values.length; round++) {
      results.add(
          Sample.of(
              new Sample.Cell("docker", "kubekv", 10, round), Map.of(Figure.P50, values[round])));
    }
    return new Charts(results).lines(CHAPTER, PLOT).orElseThrow();
  }

  private static XYSeries series(XYChart chart, String name) {
    return chart.getSeriesCollection().stream()
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bar_reachesFromTheLeastToTheGreatest_howeverFarFromTheMedian() throws IOException {
    XYChart chart = lines(3.7, 2.1, 19.6);

    assertThat(series(chart, "kubekv").getYData()).containsExactly(3.7);
    assertThat(series(chart, "kubekv" + Charts.RANGE).getYData())
        .containsExactly(2.1, 19.6, Double.NaN);
  }

  @Test
  void bar_fromNothing_endsWhereTheAxisCanShowIt() throws IOException {
    assertThat(series(lines(2, 0, 4), "kubekv" + Charts.RANGE).getYData())
        .containsExactly(0.2, 4, Double.NaN);
  }
}
