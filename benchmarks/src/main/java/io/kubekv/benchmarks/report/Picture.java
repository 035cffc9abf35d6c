package io.kubekv.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * A chart, and what lies under and over it that XChart does not draw.
 *
 * @param <C> the kind of chart
 */
record Picture<C extends AxesChart<?, ?>>(C chart, List<Layer> under, List<Layer> over) {
  static final int WIDTH = 760;
  static final int HEIGHT = 400;

  /** What lets through what lies under it. */
  static final Color CLEAR = new Color(255, 255, 255, 0);

  /** What numbers are written with. */
  static final Color INK = new Color(0x303030);

  static final Color GRID = new Color(0xE2E2E2);
  static final BasicStroke THIN = new BasicStroke(1);

  private static final Color BORDER = new Color(0xA0A0A0);
  private static final float TITLE = 13;

  /** Pixels of the image for each of the plot: screens have more of them than pages count. */
  private static final double FINE = 1.5;

  private static final BasicStroke HALO =
      new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  Picture {
    under = List.copyOf(under);
    over = List.copyOf(over);
  }

  /** A part of a picture, drawn when the chart knows where its values lie. */
  @FunctionalInterface
  interface Layer {
    void draw(Graphics2D canvas, AxesChart<?, ?> chart);
  }

  byte[] png() throws IOException {
    dress(chart);
    BufferedImage image =
        new BufferedImage((int) (WIDTH * FINE), (int) (HEIGHT * FINE), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.scale(FINE, FINE);
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    canvas.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    chart.paint(canvas, WIDTH, HEIGHT); // so that it knows where its values lie
    canvas.setColor(Color.WHITE);
    canvas.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    under.forEach(layer -> layer.draw(canvas, chart));
    chart.paint(canvas, WIDTH, HEIGHT);
    over.forEach(layer -> layer.draw(canvas, chart));
    drawTitle(canvas);
    canvas.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    // not the stream itself: a cache on disk cannot be had while the virtual machine ends (Ctrl-C)
    try (ImageOutputStream memory = new MemoryCacheImageOutputStream(png)) {
      ImageIO.write(image, "png", memory);
    }
    return png.toByteArray();
  }

  private static void dress(AxesChart<?, ?> chart) {
    AxesChartStyler style = chart.getStyler();
    style.setChartBackgroundColor(CLEAR);
    style.setPlotBackgroundColor(CLEAR);
    style.setLegendPosition(Styler.LegendPosition.OutsideE);
    style.setLegendFont(style.getLegendFont().deriveFont(11f));
    style.setLegendSeriesLineLength(38);
    style.setLegendPadding(8);
    style.setMarkerSize(9);
    style.setChartTitleFont(style.getChartTitleFont().deriveFont(TITLE));
    style.setChartTitleFontColor(CLEAR);
    style.setAxisTitleFont(style.getAxisTitleFont().deriveFont(11f));
    style.setAxisTickLabelsFont(style.getAxisTickLabelsFont().deriveFont(Font.PLAIN, 11f));
    style.setAxisTickLabelsColor(INK);
    style.setAxisTicksLineVisible(false);
    style.setAxisTicksMarksVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(THIN);
    style.setPlotBorderColor(BORDER);
    style.setLegendBorderColor(BORDER);
  }

  /** In the middle of the picture; XChart's is in that of the plot, and is cut off when long. */
  private void drawTitle(Graphics2D canvas) {
    Font font = chart.getStyler().getChartTitleFont();
    double fits = Math.min(1, (WIDTH - 20) / width(chart.getTitle(), font));
    canvas.setFont(font.deriveFont((float) (TITLE * fits)));
    double begin = (WIDTH - width(chart.getTitle(), canvas.getFont())) / 2;
    write(
        canvas, chart.getTitle(), Color.BLACK, begin, chart.getStyler().getChartPadding() + TITLE);
  }

  static double width(String text, Font font) {
    return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
  }

  /** Text that can be read over lines, too. */
  static void write(Graphics2D canvas, String text, Color color, double x, double y) {
    Shape outline =
        canvas
            .getFont()
            .createGlyphVector(canvas.getFontRenderContext(), text)
            .getOutline((float) x, (float) y);
    canvas.setColor(Color.WHITE);
    canvas.setStroke(HALO);
    canvas.draw(outline);
    canvas.setColor(color);
    canvas.fill(outline);
  }
}
