package io.kubekv.benchmarks.report;

import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;

/** Draws bars: one for each contestant at each point, or one for each, stacked of its parts. */
final class Bars {
  /** The part of a point's room that its bars fill. */
  private static final double FILLED = 0.8;

  private static final double PARTS_FILLED = 0.6;

  /** Of the plot, about; without the legend and the axis. */
  private static final double WIDTH = 540;

  /** Of the greatest value, what is left above it for numbers. */
  private static final double ABOVE = 1.2;

  private final Measured measured;
  private final Chapter.Plot plot;

  Bars(Measured measured, Chapter.Plot plot) {
    this.measured = measured;
    this.plot = plot;
  }

  /** Empty when there is nothing to show. */
  Optional<Picture<CategoryChart>> atPoints() {
    CategoryChart chart = chart(measured.chapter().x(), "", FILLED);
    List<Double> points = measured.points();
    List<String> names = points.stream().map(Figure::count).toList();
    List<String> contestants = measured.contestants();
    double room = FILLED / contestants.size();
    List<BarValues.Bar> bars = new ArrayList<>();
    for (int number = 0; number < contestants.size(); number++) {
      String contestant = contestants.get(number);
      List<Double> medians = new ArrayList<>();
      for (int point = 0; point < points.size(); point++) {
        double middle = point + (1 - FILLED) / 2 + (number + 0.5) * room;
        Optional<Spread> spread = measured.spread(contestant, points.get(point), plot.figure());
        medians.add(spread.map(Spread::median).orElse(Double.NaN));
        spread.ifPresent(some -> bars.add(BarValues.Bar.of(middle, some)));
      }
      CategorySeries series = chart.addSeries(contestant, names, medians);
      series.setFillColor(Look.of(contestant).color());
      series.setLabel(Measured.label(contestant, measured.has(contestant, plot.figure())));
    }
    if (bars.isEmpty()) {
      return Optional.empty();
    }
    leaveRoom(chart, bars.stream().mapToDouble(bar -> bar.spread().greatest()), ABOVE);
    return Optional.of(new Picture<>(chart, List.of(), List.of(new BarValues(bars, room))));
  }

  /** At the last point that each contestant was measured at. */
  Optional<Picture<CategoryChart>> ofParts() {
    List<String> contestants = measured.contestants();
    Optional<Double> last =
        contestants.stream().flatMap(one -> last(one).stream()).max(Double::compare);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    CategoryChart chart =
        chart("", ", at " + Findings.counted(last.get(), measured.chapter().x()), PARTS_FILLED);
    chart.getStyler().setStacked(true);
    for (String part : measured.parts(plot.figure())) {
      List<Double> values = contestants.stream().map(one -> value(one, part)).toList();
      chart.addSeries(part, contestants, values).setFillColor(Look.ofPart(part));
    }
    Font font = chart.getStyler().getAxisTickLabelsFont().deriveFont(11f);
    double room = WIDTH / contestants.size();
    if (contestants.stream().anyMatch(name -> Picture.width(name, font) > room)) {
      chart.getStyler().setXAxisLabelRotation(25);
      chart.getStyler().setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
      chart.getStyler().setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
    }
    List<BarValues.Bar> texts = texts(contestants, last.get());
    leaveRoom(chart, contestants.stream().mapToDouble(this::sum), texts.isEmpty() ? 1 : ABOVE);
    return Optional.of(
        new Picture<>(chart, List.of(), List.of(new BarValues(texts, PARTS_FILLED))));
  }

  /**
   * Sets the axis.
   *
   * @param by what the greatest value is multiplied with
   */
  private static void leaveRoom(CategoryChart chart, DoubleStream tops, double by) {
    double greatest = tops.max().orElse(0);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(greatest > 0 ? greatest * by : 1);
  }

  private Optional<Double> last(String contestant) {
    return measured.lastOfParts(contestant, plot.figure());
  }

  /** For those that have no bar, or one of a point before that of the others. */
  private List<BarValues.Bar> texts(List<String> contestants, double lastOfAll) {
    List<BarValues.Bar> texts = new ArrayList<>();
    for (int number = 0; number < contestants.size(); number++) {
      String contestant = contestants.get(number);
      Optional<Double> last = last(contestant);
      if (last.isEmpty() || last.get() < lastOfAll) {
        double top = sum(contestant);
        String text = last.map(x -> "at " + Figure.count(x)).orElse("not measured");
        texts.add(new BarValues.Bar(number + 0.5, new Spread(top, top, top, 1), text));
      }
    }
    return texts;
  }

  private double sum(String contestant) {
    return measured.parts(plot.figure()).stream()
        .mapToDouble(part -> value(contestant, part))
        .sum();
  }

  private double value(String contestant, String part) {
    return last(contestant)
        .flatMap(point -> measured.spread(contestant, point, plot.figure() + part))
        .map(Spread::median)
        .orElse(0.0);
  }

  private CategoryChart chart(String x, String behindTitle, double filled) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Picture.WIDTH)
            .height(Picture.HEIGHT)
            .title(measured.chapter().title() + ": " + plot.title() + behindTitle)
            .xAxisTitle(x)
            .yAxisTitle(plot.y())
            .build();
    CategoryStyler style = chart.getStyler();
    style.setAvailableSpaceFill(filled);
    style.setLocale(Locale.ROOT);
    style.setYAxisDecimalPattern(Scale.PATTERN);
    style.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    style.setPlotGridVerticalLinesVisible(false);
    style.setXAxisTickMarkSpacingHint(1); // narrower ones would have no name
    return chart;
  }
}
