package io.kubekv.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import org.knowm.xchart.style.markers.Marker;

/** The outline of a shape, with the paper's colour inside: in print it differs from a full one. */
final class Hollow extends Marker {
  static final Marker CIRCLE = new Hollow(new Ellipse2D.Double(-0.5, -0.5, 1, 1));
  static final Marker SQUARE =
      new Hollow(polygon(-0.45, -0.45, 0.45, -0.45, 0.45, 0.45, -0.45, 0.45));
  static final Marker DIAMOND = new Hollow(polygon(0, -0.6, 0.6, 0, 0, 0.6, -0.6, 0));
  static final Marker TRIANGLE = new Hollow(polygon(0, -0.6, 0.55, 0.4, -0.55, 0.4));

  private static final BasicStroke EDGE = new BasicStroke(1.5f);

  private final Shape shape;

  private Hollow(Shape shape) {
    this.shape = shape;
  }

  /**
   * Around the origin, about one wide.
   *
   * @param corners x and y of each
   */
  private static Shape polygon(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int corner = 2; corner < corners.length; corner += 2) {
      path.lineTo(corners[corner], corners[corner + 1]);
    }
    path.closePath();
    return path;
  }

  @Override
  public void paint(Graphics2D canvas, double x, double y, int size) {
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(size, size);
    Shape placed = place.createTransformedShape(shape);
    Color ink = canvas.getColor();
    canvas.setColor(Color.WHITE);
    canvas.fill(placed);
    canvas.setColor(ink);
    canvas.setStroke(EDGE);
    canvas.draw(placed);
  }
}
