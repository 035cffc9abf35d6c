package io.kubekv.benchmarks.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;

/**
 * The lines of the grid and the numbers at their ends. XChart's own on a logarithmic axis are at
 * powers of ten alone, or with numbers of one's own in the wrong places.
 */
record Ticks(Scale x, Scale y) implements Picture.Layer {
  /** Pixels between a number and the grid. */
  private static final int GAP = 6;

  /** Lets XChart keep the room that the numbers need, and draw none itself. */
  void makeRoom(AxesChart<?, ?> chart) {
    AxesChartStyler style = chart.getStyler();
    style.setXAxisLogarithmic(x.logarithmic());
    style.setYAxisLogarithmic(y.logarithmic());
    style.setXAxisMin(x.least());
    style.setXAxisMax(x.greatest());
    style.setYAxisMin(y.least());
    style.setYAxisMax(y.greatest());
    style.setPlotGridLinesVisible(false);
    style.setXAxisTickLabelsColor(Picture.CLEAR);
    style.setYAxisTickLabelsColor(Picture.CLEAR);
    String widest =
        y.ticks().stream()
            .map(Scale::text)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    // where the axis begins and ends, the text must not be the same
    style.setXAxisTickLabelsFormattingFunction(value -> value > x.least() ? "00" : " ");
    style.setYAxisTickLabelsFormattingFunction(value -> value > y.least() ? widest : " ");
  }

  /** Where the grid lies; values do not reach its edge. */
  Rectangle2D frame(AxesChart<?, ?> chart) {
    double left = chart.getScreenXFromChart(x.least());
    double right = chart.getScreenXFromChart(x.greatest());
    double top = chart.getScreenYFromChart(y.greatest());
    double bottom = chart.getScreenYFromChart(y.least());
    double content = chart.getStyler().getPlotContentSize();
    double aside = (right - left) * (1 / content - 1) / 2;
    double above = (bottom - top) * (1 / content - 1) / 2;
    return new Rectangle2D.Double(
        left - aside, top - above, right - left + 2 * aside, bottom - top + 2 * above);
  }

  @Override
  public void draw(Graphics2D canvas, AxesChart<?, ?> chart) {
    Rectangle2D frame = frame(chart);
    Font font = chart.getStyler().getAxisTickLabelsFont();
    canvas.setFont(font);
    canvas.setStroke(Picture.THIN);
    double height = canvas.getFontMetrics().getAscent();
    double free = Double.NEGATIVE_INFINITY;
    for (double tick : x.ticks()) {
      double at = chart.getScreenXFromChart(tick);
      line(canvas, at, frame.getMinY(), at, frame.getMaxY());
      String text = Scale.text(tick);
      double begin = at - Picture.width(text, font) / 2;
      if (begin > free) {
        canvas.setColor(Picture.INK);
        canvas.drawString(text, (float) begin, (float) (frame.getMaxY() + GAP + height - 2));
        free = begin + Picture.width(text, font) + GAP / 2.0;
      }
    }
    for (double tick : y.ticks()) {
      double at = chart.getScreenYFromChart(tick);
      line(canvas, frame.getMinX(), at, frame.getMaxX(), at);
      String text = Scale.text(tick);
      double begin = frame.getMinX() - GAP - Picture.width(text, font);
      canvas.setColor(Picture.INK);
      canvas.drawString(text, (float) begin, (float) (at + height * 0.38));
    }
  }

  private static void line(Graphics2D canvas, double x1, double y1, double x2, double y2) {
    canvas.setColor(Picture.GRID);
    canvas.draw(new Line2D.Double(x1, y1, x2, y2));
  }
}
