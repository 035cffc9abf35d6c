package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class ChartsTest {
  @TempDir Path folder;
  private Results results;

  @BeforeEach
  void begin() throws IOException {
    results = Results.create(folder.resolve("results.jsonl"), Map.of());
  }

  private static Chapter.Plot plot(Chapter.Kind kind) {
    return new Chapter.Plot(
        "Median", kind == Chapter.Kind.PARTS ? Figure.CPU : Figure.P50, "ms", kind);
  }

  private static Chapter chapter(Chapter.Kind kind) {
    return new Chapter("docker", "Engines", "How.", "hosts", "etcd", List.of(plot(kind)));
  }

  private void add(String contestant, double x, int round, Map<String, Double> figures)
      throws IOException {
    results.add(Sample.of(new Sample.Cell("docker", contestant, x, round), figures));
  }

  private void addRounds(double... values) throws IOException {
    for (int round = 0; round < values.length; round++) {
      add("kubekv", 10, round, Map.of(Figure.P50, values[round]));
    }
  }

  private Picture<XYChart> lines(Chapter.Kind kind) {
    return new Charts(results).lines(chapter(kind), plot(kind)).orElseThrow();
  }

  private XYChart lines() {
    return lines(Chapter.Kind.LINES).chart();
  }

  private Picture<CategoryChart> bars(Chapter.Kind kind) {
    return new Charts(results).bars(chapter(kind), plot(kind)).orElseThrow();
  }

  private static <T> T only(Class<T> kind, List<Picture.Layer> layers) {
    return layers.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  @Test
  void bar_reachesFromTheLeastToTheGreatest_howeverFarFromTheMedian() throws IOException {
    addRounds(3.7, 2.1, 19.6);

    assertThat(lines().getSeries("kubekv").getYData()).containsExactly(3.7);
    assertThat(lines().getSeries("kubekv" + Lines.RANGE).getYData())
        .containsExactly(2.1, 19.6, Double.NaN);
  }

  @Test
  void bar_fromNothing_endsWhereTheAxisCanShowIt() throws IOException {
    addRounds(2, 0, 4);

    assertThat(lines().getSeries("kubekv" + Lines.RANGE).getYData())
        .containsExactly(0.2, 4, Double.NaN);
  }

  @Test
  void contestant_looksTheSame_whoeverElseIsShown() throws IOException {
    for (String contestant : LookTest.CONTESTANTS.reversed()) {
      add(contestant, 10, 0, Map.of(Figure.P50, 1.0));
    }

    for (String contestant : LookTest.CONTESTANTS) {
      XYSeries series = lines().getSeries(contestant);
      Look look = Look.of(contestant);
      assertThat(series.getLineColor()).isEqualTo(look.color());
      assertThat(series.getMarkerColor()).isEqualTo(look.color());
      assertThat(series.getMarker()).isEqualTo(look.marker());
      assertThat(series.getLineStyle()).isEqualTo(look.stroke());
      assertThat(lines().getSeries(contestant + Lines.RANGE).getLineColor())
          .isEqualTo(look.color());
      assertThat(bars(Chapter.Kind.BARS).chart().getSeries(contestant).getFillColor())
          .isEqualTo(look.color());
    }
  }

  @Test
  void ticksOfPoints_areAtThePointsAlone() throws IOException {
    for (double x : List.of(1.0, 64.0, 10_000.0)) {
      add("kubekv", x, 0, Map.of(Figure.P50, 1.0));
    }

    Scale scale = only(Ticks.class, lines(Chapter.Kind.LINES).under()).x();
    assertThat(scale.ticks()).containsExactly(1.0, 64.0, 10_000.0);
    assertThat(scale.ticks().stream().map(Scale::text)).containsExactly("1", "64", "10,000");
    assertThat(scale.logarithmic()).isTrue();
  }

  @Test
  void gridOfAPoint_liesUnderItsMarker() throws IOException {
    for (double x : List.of(1.0, 64.0, 256.0)) {
      add("etcd-v2", x, 0, Map.of(Figure.P50, 1.0));
    }
    Picture<XYChart> picture = lines(Chapter.Kind.LINES);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    double scale = image.getWidth() / (double) Picture.WIDTH;

    for (double x : List.of(1.0, 64.0, 256.0)) {
      int column = (int) (picture.chart().getScreenXFromChart(x) * scale);
      int marker = (int) (picture.chart().getScreenYFromChart(1) * scale);
      assertThat(new Color(image.getRGB(column, marker))).isEqualTo(Look.of("etcd-v2").color());
      assertThat(image.getRGB(column, marker - 40)).isNotEqualTo(Color.WHITE.getRGB());
    }
  }

  @Test
  void contestantWithoutTheFigure_isNamed_butNotDrawn() throws IOException {
    add("kubekv", 1, 0, Map.of(Figure.P50, 1.0));
    add("kubekv", 64, 0, Map.of(Figure.P99, 1.0));
    add("etcd-v2", 1, 0, Map.of(Figure.P99, 1.0));
    add("etcd-v3", 1, 0, Map.of(Figure.P50, 0.0));

    assertThat(lines().getSeries("kubekv").getXData()).containsExactly(1);
    assertThat(lines().getSeries("etcd-v2").getLabel()).isEqualTo("etcd-v2 (not measured)");
    assertThat(lines().getSeries("etcd-v2").getYData()).containsExactly(Double.NaN);
    assertThat(lines().getSeries("etcd-v3").getLabel()).isEqualTo("etcd-v3 (0)");
    CategoryChart bars = bars(Chapter.Kind.BARS).chart();
    assertThat(bars.getSeries("kubekv").getYData()).containsExactly(1, Double.NaN);
    assertThat(bars.getSeries("etcd-v2").getLabel()).isEqualTo("etcd-v2 (not measured)");
    assertThat(bars.getSeries("etcd-v2").getYData()).containsExactly(Double.NaN, Double.NaN);
  }

  @ParameterizedTest
  @EnumSource
  void nothingMeasured_isNoPlot(Chapter.Kind kind) throws IOException {
    add("kubekv", 1, 0, Map.of(Figure.P99, 1.0));

    assertThat(new Charts(results).png(chapter(kind), plot(kind))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void plot_isAnImage(Chapter.Kind kind) throws IOException {
    for (String contestant : LookTest.CONTESTANTS) {
      add(
          contestant,
          64,
          0,
          Map.of(Figure.P50, 1.0, Figure.PER_SECOND, 900.0, Figure.CPU + "etcd", 12.0));
    }

    byte[] png = new Charts(results).png(chapter(kind), plot(kind)).orElseThrow();
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isGreaterThan(Picture.WIDTH);
  }

  @Test
  void barValues_areMediansWithTheirSpread_aboveTheMiddlesOfBars() throws IOException {
    addRounds(3.704, 2.1, 19.6);
    add("etcd-v2", 10, 0, Map.of(Figure.P50, 12_345.6));

    BarValues values = only(BarValues.class, bars(Chapter.Kind.BARS).over());
    assertThat(values.bars().stream().map(BarValues.Bar::spread))
        .containsExactly(
            new Spread(3.704, 2.1, 19.6, 3), new Spread(12_345.6, 12_345.6, 12_345.6, 1));
    assertThat(values.bars().getFirst().x()).isCloseTo(0.3, within(1e-9));
    assertThat(values.bars().getLast().x()).isCloseTo(0.7, within(1e-9));
    assertThat(values.bars().stream().map(BarValues.Bar::text)).containsExactly("3.70", "12,346");
  }

  @Test
  void curve_goesFromThroughputToTheFigure_throughThePointsInOrder() throws IOException {
    add("kubekv", 1, 0, Map.of(Figure.PER_SECOND, 900.0, Figure.P50, 1.0));
    add("kubekv", 256, 0, Map.of(Figure.PER_SECOND, 7000.0, Figure.P50, 30.0));
    add("kubekv", 64, 0, Map.of(Figure.PER_SECOND, 8000.0, Figure.P50, 9.0));
    add("kubekv", 64, 1, Map.of(Figure.PER_SECOND, 8200.0, Figure.P50, 8.0));
    add("kubekv", 64, 2, Map.of(Figure.PER_SECOND, 8100.0, Figure.P50, 7.0));
    add("etcd-v2", 64, 0, Map.of(Figure.P50, 7.0));

    Picture<XYChart> picture = lines(Chapter.Kind.CURVE);
    XYSeries curve = picture.chart().getSeries("kubekv");
    assertThat(curve.getXData()).containsExactly(900, 8100, 7000);
    assertThat(curve.getYData()).containsExactly(1, 8, 30);
    assertThat(picture.chart().getSeries("kubekv" + Lines.RANGE).getYData())
        .containsExactly(1, 1, Double.NaN, 7, 9, Double.NaN, 30, 30, Double.NaN);
    assertThat(picture.chart().getSeries("etcd-v2").getLabel()).endsWith(" (not measured)");
    assertThat(picture.chart().getXAxisTitle())
        .isEqualTo("operations a second, at 1, 64 and 256 hosts");
    assertThat(only(Ticks.class, picture.under()).x().ticks())
        .containsExactly(500.0, 1000.0, 2000.0, 5000.0, 10_000.0);
    assertThat(
            only(Beside.class, picture.over()).notes().getFirst().stream().map(Beside.Note::text))
        .containsExactly("1", "64", "256");
  }

  @Test
  void parts_haveTheirColours_andNameWhoHasNone() throws IOException {
    add("kubekv", 1, 0, Map.of(Figure.CPU + "etcd", 90.0));
    add("kubekv", 64, 0, Map.of(Figure.CPU + "kubekv", 9.0, Figure.total(Figure.CPU), 9.0));
    add("naive", 1, 0, Map.of(Figure.CPU + "naive", 5.0));
    add("etcd-v2", 64, 0, Map.of(Figure.P50, 7.0));

    Picture<CategoryChart> picture = bars(Chapter.Kind.PARTS);
    CategorySeries series = picture.chart().getSeries("kubekv");
    assertThat(picture.chart().getTitle()).isEqualTo("Engines: Median, at 64 hosts");
    assertThat(series.getFillColor()).isEqualTo(Look.ofPart("kubekv"));
    assertThat(series.getYData()).containsExactly(9, 0, 0);
    assertThat(picture.chart().getSeries("etcd").getYData()).containsExactly(0, 0, 0);
    assertThat(only(BarValues.class, picture.over()).bars())
        .containsExactly(
            new BarValues.Bar(1.5, new Spread(5, 5, 5, 1), "at 1"),
            new BarValues.Bar(2.5, new Spread(0, 0, 0, 1), "not measured"));
  }

  @Test
  void partsOfContestants_endWithTheClient() throws IOException {
    add("kubekv", 1, 0, Map.of(Figure.CPU + Figure.CLIENT, 1.0, Figure.CPU + "kubekv", 9.0));

    assertThat(bars(Chapter.Kind.PARTS).chart().getSeriesCollection())
        .extracting(CategorySeries::getName)
        .containsExactly("kubekv", "client");
  }
}
