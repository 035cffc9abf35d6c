package io.kubekv.benchmarks.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the plots of a chapter as PNG images: medians, and how far the rounds lie apart. */
final class Charts {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;

  /** Pixels of the image for each of the plot: screens have more of them than pages count. */
  private static final double FINE = 1.5;

  /** Where the bar of a median ends whose least is zero, by the median: the axis has no zero. */
  private static final double LOWEST = 0.1;

  /** Behind a contestant's name, that of the bars from the least to the greatest. */
  static final String RANGE = ": least to greatest";

  private final Results results;

  Charts(Results results) {
    this.results = results;
  }

  /** A plot; empty when there is nothing to show. */
  Optional<byte[]> png(Chapter chapter, Chapter.Plot plot) throws IOException {
    Optional<? extends Chart<?, ?>> chart =
        switch (plot.kind()) {
          case LINES -> lines(chapter, plot);
          case BARS -> bars(chapter, plot);
          case PARTS -> parts(chapter, plot);
        };
    if (chart.isEmpty()) {
      return Optional.empty();
    }
    dress(chart.get(), chapter.title() + ": " + plot.title());
    BufferedImage image =
        new BufferedImage((int) (WIDTH * FINE), (int) (HEIGHT * FINE), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.scale(FINE, FINE);
    chart.get().paint(canvas, WIDTH, HEIGHT);
    canvas.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return Optional.of(png.toByteArray());
  }

  private static void dress(Chart<?, ?> chart, String title) {
    chart.setTitle(title);
    Styler style = chart.getStyler();
    style.setLegendPosition(Styler.LegendPosition.OutsideE);
    style.setChartBackgroundColor(Color.WHITE);
    style.setChartTitleVisible(true);
    style.setChartTitleFont(style.getChartTitleFont().deriveFont(12f));
  }

  Optional<XYChart> lines(Chapter chapter, Chapter.Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(chapter.x())
            .yAxisTitle(plot.y())
            .build();
    boolean any = false;
    Color[] colors = chart.getStyler().getSeriesColors();
    int number = 0;
    for (String contestant : contestants(chapter)) {
      any |= addLine(chart, chapter, plot, contestant, colors[number++ % colors.length]);
    }
    if (!any) {
      return Optional.empty();
    }
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisLogarithmic(points(chapter).size() > 1);
    return Optional.of(chart);
  }

  private boolean addLine(
      XYChart chart, Chapter chapter, Chapter.Plot plot, String contestant, Color color) {
    List<Double> xs = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Double> rangeXs = new ArrayList<>();
    List<Double> ranges = new ArrayList<>();
    for (double x : points(chapter)) {
      spread(chapter, contestant, x, plot.figure())
          .filter(spread -> spread.median() > 0)
          .ifPresent(
              spread -> {
                xs.add(x);
                medians.add(spread.median());
                double least = spread.least() > 0 ? spread.least() : spread.median() * LOWEST;
                rangeXs.addAll(List.of(x, x, x));
                ranges.addAll(List.of(least, spread.greatest(), Double.NaN)); // the next is apart
              });
    }
    if (xs.isEmpty()) {
      return false;
    }
    XYSeries line = chart.addSeries(contestant, array(xs), array(medians));
    line.setLineColor(color);
    line.setMarkerColor(color);
    // XChart's own error bars reach as far up as down
    XYSeries range = chart.addSeries(contestant + RANGE, array(rangeXs), array(ranges));
    range.setLineColor(color);
    range.setLineWidth(1);
    range.setMarker(SeriesMarkers.NONE);
    range.setShowInLegend(false);
    return true;
  }

  private Optional<CategoryChart> bars(Chapter chapter, Chapter.Plot plot) {
    List<Double> points = points(chapter);
    CategoryChart chart = categories(chapter.x(), plot.y());
    List<String> names = points.stream().map(Figure::count).toList();
    for (String contestant : contestants(chapter)) {
      List<Double> medians =
          points.stream()
              .map(x -> spread(chapter, contestant, x, plot.figure()))
              .map(spread -> spread.map(Spread::median).orElse(0.0))
              .toList();
      if (medians.stream().anyMatch(median -> median > 0)) {
        chart.addSeries(contestant, names, medians);
      }
    }
    return Optional.of(chart).filter(one -> !one.getSeriesCollection().isEmpty());
  }

  private Optional<CategoryChart> parts(Chapter chapter, Chapter.Plot plot) {
    List<String> contestants = contestants(chapter);
    Map<String, List<Double>> parts = new LinkedHashMap<>();
    for (String part : partNames(chapter, plot)) {
      parts.put(
          part,
          contestants.stream()
              .map(one -> last(chapter, one, plot.figure() + part).orElse(0.0))
              .toList());
    }
    CategoryChart chart = categories("", plot.y());
    chart.getStyler().setStacked(true);
    parts.forEach((part, values) -> chart.addSeries(part, contestants, values));
    return Optional.of(chart).filter(one -> !one.getSeriesCollection().isEmpty());
  }

  private Set<String> partNames(Chapter chapter, Chapter.Plot plot) {
    Set<String> names = new LinkedHashSet<>();
    for (Sample sample : results.of(chapter.scenario())) {
      sample.figures().keySet().stream()
          .filter(figure -> Figure.isOfPart(figure, plot.figure()))
          .map(figure -> figure.substring(plot.figure().length()))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  private Optional<Double> last(Chapter chapter, String contestant, String figure) {
    return points(chapter).reversed().stream()
        .flatMap(x -> spread(chapter, contestant, x, figure).stream())
        .map(Spread::median)
        .findFirst();
  }

  private static CategoryChart categories(String x, String y) {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(x).yAxisTitle(y).build();
    chart.getStyler().setAvailableSpaceFill(0.6);
    return chart;
  }

  private Optional<Spread> spread(Chapter chapter, String contestant, double x, String figure) {
    return Spread.of(results.values(chapter.scenario(), contestant, x, figure));
  }

  private List<String> contestants(Chapter chapter) {
    return results.contestants(chapter.scenario());
  }

  private List<Double> points(Chapter chapter) {
    return results.points(chapter.scenario());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
