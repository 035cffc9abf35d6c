package io.kubekv.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a line for each contestant: over the points, or over its throughput at them. */
final class Lines {
  /** Behind a contestant's name, that of the bars from the least to the greatest. */
  static final String RANGE = ": least to greatest";

  /** Where the bar of a median ends whose least is zero, by the median: the axis has no zero. */
  private static final double LOWEST = 0.1;

  /** Numbers that stand beside the axes without a squeeze. */
  private static final int MOST_X = 8;

  private static final int MOST_Y = 13;

  private final Measured measured;
  private final Chapter.Plot plot;
  private final boolean curve;
  private final XYChart chart;
  private final List<Double> xs = new ArrayList<>();
  private final List<Double> ys = new ArrayList<>();
  private final List<List<Beside.Note>> notes = new ArrayList<>();

  Lines(Measured measured, Chapter.Plot plot) {
    this.measured = measured;
    this.plot = plot;
    this.curve = plot.kind() == Chapter.Kind.CURVE;
    this.chart =
        new XYChartBuilder()
            .width(Picture.WIDTH)
            .height(Picture.HEIGHT)
            .title(measured.chapter().title() + ": " + plot.title())
            .yAxisTitle(plot.y())
            .build();
  }

  /**
   * What is drawn of a point.
   *
   * @param point what the chapter counts
   */
  private record Spot(double x, Spread y, double point) {
    double least() {
      return y.least() > 0 ? y.least() : y.median() * LOWEST;
    }
  }

  /** Empty when there is nothing to show. */
  Optional<Picture<XYChart>> picture() {
    Map<String, List<Spot>> spots = new LinkedHashMap<>();
    for (String contestant : measured.contestants()) {
      spots.put(
          contestant,
          measured.points().stream().flatMap(point -> spot(contestant, point).stream()).toList());
    }
    spots.forEach(this::addRange); // under all the points
    spots.forEach(this::add);
    if (xs.isEmpty()) {
      return Optional.empty();
    }
    Ticks ticks =
        new Ticks(
            curve ? Scale.around(xs, MOST_X) : Scale.ofPoints(measured.points()),
            Scale.around(ys, MOST_Y));
    ticks.makeRoom(chart);
    chart.setXAxisTitle(curve ? throughput() : measured.chapter().x());
    return Optional.of(new Picture<>(chart, List.of(ticks), List.of(new Beside(ticks, notes))));
  }

  private void add(String contestant, List<Spot> spots) {
    if (spots.isEmpty()) {
      String needed = (curve ? Figure.PER_SECOND + "+" : "") + plot.figure();
      boolean zero = measured.has(contestant, needed);
      XYSeries none = chart.addSeries(contestant, new double[] {1}, new double[] {Double.NaN});
      none.setLabel(zero ? contestant + " (0)" : Measured.label(contestant, false));
      dress(none, Look.of(contestant));
      return;
    }
    double[] medians = spots.stream().mapToDouble(spot -> spot.y().median()).toArray();
    dress(
        chart.addSeries(contestant, spots.stream().mapToDouble(Spot::x).toArray(), medians),
        Look.of(contestant));
    for (Spot spot : spots) {
      xs.add(spot.x());
      ys.addAll(List.of(spot.least(), spot.y().greatest()));
    }
    if (curve) {
      notes.add(spots.stream().map(spot -> note(spot, Look.of(contestant))).toList());
    }
  }

  private static Beside.Note note(Spot spot, Look look) {
    return new Beside.Note(spot.x(), spot.y().median(), Scale.text(spot.point()), look.color());
  }

  /** XChart's own error bars reach as far up as down. */
  private void addRange(String contestant, List<Spot> spots) {
    if (spots.isEmpty()) {
      return;
    }
    List<Double> rangeXs = new ArrayList<>();
    List<Double> ranges = new ArrayList<>();
    for (Spot spot : spots) {
      rangeXs.addAll(List.of(spot.x(), spot.x(), spot.x()));
      ranges.addAll(List.of(spot.least(), spot.y().greatest(), Double.NaN)); // the next is apart
    }
    XYSeries range = chart.addSeries(contestant + RANGE, array(rangeXs), array(ranges));
    range.setLineColor(Look.of(contestant).color());
    range.setLineWidth(1);
    range.setMarker(SeriesMarkers.NONE);
    range.setShowInLegend(false);
  }

  private Optional<Spot> spot(String contestant, double point) {
    Optional<Spread> y =
        measured.spread(contestant, point, plot.figure()).filter(spread -> spread.median() > 0);
    if (!curve) {
      return y.map(spread -> new Spot(point, spread, point));
    }
    return measured
        .spread(contestant, point, Figure.PER_SECOND)
        .map(Spread::median)
        .filter(x -> x > 0)
        .flatMap(x -> y.map(spread -> new Spot(x, spread, point)));
  }

  private static void dress(XYSeries series, Look look) {
    series.setLineColor(look.color());
    series.setLineStyle(look.stroke());
    series.setMarker(look.marker());
    series.setMarkerColor(look.color());
  }

  /** Operations a second, at 1, 64 and 256 clients. */
  private String throughput() {
    List<Double> points = measured.points();
    String before =
        points.stream()
            .limit(points.size() - 1L)
            .map(Scale::text)
            .collect(Collectors.joining(", "));
    return "operations a second, at "
        + (before.isEmpty() ? "" : before + " and ")
        + Findings.counted(points.getLast(), measured.chapter().x());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
