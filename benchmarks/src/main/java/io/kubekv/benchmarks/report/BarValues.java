package io.kubekv.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.List;
import org.knowm.xchart.internal.chartpart.AxesChart;

/**
 * How far the rounds lie apart, and above it a text, for each bar.
 *
 * @param room of a bar, where each point has 1
 */
record BarValues(List<Bar> bars, double room) implements Picture.Layer {
  private static final BasicStroke THIN = new BasicStroke(1.2f);
  private static final BasicStroke AROUND = new BasicStroke(2.8f);

  /** Pixels that the ends of a range reach to each side at most. */
  private static final double CAP = 4;

  private static final double GAP = 4;

  BarValues {
    bars = List.copyOf(bars);
  }

  /**
   * A bar.
   *
   * @param x its middle; each point has 1, the first from 0 on
   */
  record Bar(double x, Spread spread, String text) {
    static Bar of(double x, Spread spread) {
      double median = spread.median();
      boolean whole = median == Math.rint(median);
      return new Bar(x, spread, whole ? Figure.count(median) : Figure.text(median));
    }
  }

  @Override
  public void draw(Graphics2D canvas, AxesChart<?, ?> chart) {
    Font font = chart.getStyler().getAxisTickLabelsFont().deriveFont(Font.BOLD, 10f);
    canvas.setFont(font);
    double free = chart.getScreenXFromChart(room) - chart.getScreenXFromChart(0);
    boolean upright = bars.stream().anyMatch(bar -> Picture.width(bar.text(), font) > free);
    for (Bar bar : bars) {
      double x = chart.getScreenXFromChart(bar.x());
      double top = chart.getScreenYFromChart(bar.spread().greatest());
      if (bar.spread().least() < bar.spread().greatest()) {
        double bottom = chart.getScreenYFromChart(bar.spread().least());
        range(canvas, x, top, bottom, Math.min(CAP, free / 4));
      }
      write(canvas, bar.text(), x, top - GAP, upright);
    }
  }

  private static void range(Graphics2D canvas, double x, double top, double bottom, double cap) {
    for (boolean around : new boolean[] {true, false}) {
      canvas.setColor(around ? Color.WHITE : Picture.INK);
      canvas.setStroke(around ? AROUND : THIN);
      canvas.draw(new Line2D.Double(x, top, x, bottom));
      canvas.draw(new Line2D.Double(x - cap, top, x + cap, top));
      canvas.draw(new Line2D.Double(x - cap, bottom, x + cap, bottom));
    }
  }

  private static void write(Graphics2D canvas, String text, double x, double y, boolean upright) {
    Font font = canvas.getFont();
    if (!upright) {
      Picture.write(canvas, text, Picture.INK, x - Picture.width(text, font) / 2, y);
      return;
    }
    AffineTransform before = canvas.getTransform();
    canvas.translate(x + font.getSize2D() * 0.36, y);
    canvas.rotate(-Math.PI / 2);
    Picture.write(canvas, text, Picture.INK, 0, 0);
    canvas.setTransform(before);
  }
}
