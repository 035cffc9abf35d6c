package io.kubekv.benchmarks.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.knowm.xchart.internal.chartpart.AxesChart;

/**
 * Short texts beside points of lines: each where there is room, and none where there is not.
 *
 * @param notes of each line, in its order
 */
record Beside(Ticks ticks, List<List<Note>> notes) implements Picture.Layer {
  /** Pixels from the middle of a point to its text. */
  private static final double AWAY = 7;

  /** The corners of a point that a text can be at, and its sides, in the order of preference. */
  private static final int[][] PLACES = {
    {1, -1}, {1, 1}, {-1, -1}, {-1, 1}, {1, 0}, {-1, 0}, {0, -1}, {0, 1}
  };

  Beside {
    notes = notes.stream().map(List::copyOf).toList();
  }

  /** A text, and the point that it is of. */
  record Note(double x, double y, String text, Color color) {
    private Point2D at(AxesChart<?, ?> chart) {
      return new Point2D.Double(chart.getScreenXFromChart(x), chart.getScreenYFromChart(y));
    }
  }

  @Override
  public void draw(Graphics2D canvas, AxesChart<?, ?> chart) {
    canvas.setFont(chart.getStyler().getAxisTickLabelsFont().deriveFont(Font.BOLD, 10f));
    Rectangle2D frame = ticks.frame(chart);
    List<Line2D> lines = lines(chart);
    List<Rectangle2D> taken = new ArrayList<>();
    for (Note note : notes.stream().flatMap(List::stream).toList()) {
      Point2D at = note.at(chart);
      double half = AWAY - 2;
      taken.add(new Rectangle2D.Double(at.getX() - half, at.getY() - half, 2 * half, 2 * half));
    }
    for (Note note : notes.stream().flatMap(List::stream).toList()) {
      List<Rectangle2D> free =
          places(note, note.at(chart), canvas.getFont())
              .filter(frame::contains)
              .filter(place -> taken.stream().noneMatch(place::intersects))
              .toList();
      Predicate<Rectangle2D> besideLines = place -> lines.stream().noneMatch(place::intersectsLine);
      Optional<Rectangle2D> best =
          free.stream().filter(besideLines).findFirst().or(() -> free.stream().findFirst());
      best.ifPresent(
          place -> {
            taken.add(place);
            Color color = note.color().darker();
            Picture.write(canvas, note.text(), color, place.getMinX(), place.getMaxY());
          });
    }
  }

  private List<Line2D> lines(AxesChart<?, ?> chart) {
    List<Line2D> lines = new ArrayList<>();
    for (List<Note> line : notes) {
      for (int next = 1; next < line.size(); next++) {
        lines.add(new Line2D.Double(line.get(next - 1).at(chart), line.get(next).at(chart)));
      }
    }
    return lines;
  }

  private static Stream<Rectangle2D> places(Note note, Point2D at, Font font) {
    double width = Picture.width(note.text(), font);
    double height = font.getSize2D() * 0.75; // of digits
    return Arrays.stream(PLACES)
        .map(
            place ->
                new Rectangle2D.Double(
                    at.getX() + place[0] * AWAY - (1 - place[0]) * width / 2,
                    at.getY() + place[1] * AWAY - (1 - place[1]) * height / 2,
                    width,
                    height));
  }
}
