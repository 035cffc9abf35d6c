package io.kubekv.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How a contestant looks in every plot. The colours can be told apart by the colour-blind (most are
 * Okabe and Ito's), the markers and lines in a print without colours: kubekv on whichever store has
 * cool colours and thick lines, the stores it is compared with warm ones and thin lines with gaps,
 * what only explains has greys.
 */
record Look(Color color, Marker marker, BasicStroke stroke) {
  private static final Color BLACK = new Color(0x000000);
  private static final Color BLUE = new Color(0x0072B2);
  private static final Color SKY = new Color(0x56B4E9);
  private static final Color GREEN = new Color(0x009E73);
  private static final Color VERMILION = new Color(0xD55E00);
  private static final Color ORANGE = new Color(0xE69F00);
  private static final Color PINK = new Color(0xCC79A7);
  private static final Color WINE = new Color(0x882255);
  private static final Color DARK_GREY = new Color(0x5A5A5A);
  private static final Color GREY = new Color(0x9A9A9A);
  private static final Color LIGHT_GREY = new Color(0xD9D9D9);

  private static final BasicStroke THICK = line(2.8f);
  private static final BasicStroke DASHES = line(1.6f, 8, 4);
  private static final BasicStroke DOTS = line(1.6f, 2, 3);
  private static final BasicStroke DASH_DOT = line(1.6f, 9, 3, 2, 3);
  private static final BasicStroke LONG_DASHES = line(1.6f, 14, 4);
  private static final BasicStroke DASH_DOT_DOT = line(1.6f, 12, 3, 2, 3, 2, 3);

  private static final Map<String, Look> LOOKS =
      Map.ofEntries(
          Map.entry("kubekv", new Look(BLUE, SeriesMarkers.CIRCLE, THICK)),
          Map.entry("kubekv-kube", new Look(SKY, SeriesMarkers.SQUARE, THICK)),
          Map.entry("kubekv-etcd", new Look(GREEN, SeriesMarkers.DIAMOND, THICK)),
          Map.entry("etcd-v2", new Look(VERMILION, SeriesMarkers.TRIANGLE_UP, DASHES)),
          Map.entry("etcd-v2-again", new Look(VERMILION, Hollow.TRIANGLE, DOTS)),
          Map.entry("etcd-v3", new Look(ORANGE, SeriesMarkers.TRIANGLE_DOWN, DASH_DOT)),
          Map.entry("consul", new Look(PINK, SeriesMarkers.PLUS, LONG_DASHES)),
          Map.entry("zookeeper", new Look(WINE, SeriesMarkers.CROSS, DASH_DOT_DOT)),
          Map.entry("raw", new Look(BLACK, Hollow.CIRCLE, DOTS)),
          Map.entry("naive", new Look(GREY, Hollow.SQUARE, DASHES)),
          Map.entry("naive-kube", new Look(DARK_GREY, Hollow.DIAMOND, DASH_DOT)));

  private static final Map<String, Color> PARTS =
      Map.of(
          "kubekv",
          BLUE,
          "apiserver",
          SKY,
          "etcd",
          VERMILION,
          "consul",
          PINK,
          "zookeeper",
          WINE,
          "raw",
          BLACK,
          "naive",
          GREY,
          Figure.CLIENT,
          LIGHT_GREY);

  private static final List<Color> OTHER_COLORS =
      List.of(new Color(0x999933), new Color(0x44AA99), new Color(0x7A4B1E), new Color(0x332288));

  private static final List<Marker> OTHER_MARKERS =
      List.of(SeriesMarkers.TRAPEZOID, SeriesMarkers.OVAL, SeriesMarkers.RECTANGLE);

  private static final List<BasicStroke> OTHER_STROKES =
      List.of(DASHES, DOTS, DASH_DOT, LONG_DASHES, DASH_DOT_DOT);

  /** Of a contestant; one that is not known here has a look by its name. */
  static Look of(String contestant) {
    Look known = LOOKS.get(contestant);
    return known != null
        ? known
        : new Look(
            by(contestant, OTHER_COLORS),
            by(contestant, OTHER_MARKERS),
            by(contestant, OTHER_STROKES));
  }

  /** The colour of a part of a contestant. */
  static Color ofPart(String part) {
    Color known = PARTS.get(part);
    return known != null ? known : by(part, OTHER_COLORS);
  }

  private static <T> T by(String name, List<T> some) {
    return some.get(Math.floorMod(name.hashCode(), some.size()));
  }

  private static BasicStroke line(float width, float... dashes) {
    return new BasicStroke(
        width,
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        10,
        dashes.length == 0 ? null : dashes,
        0);
  }
}
