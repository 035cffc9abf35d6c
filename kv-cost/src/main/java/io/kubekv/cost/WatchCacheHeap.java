package io.kubekv.cost;

import static io.kubekv.cost.Text.formula;
import static io.kubekv.cost.Text.rate;

import java.util.ArrayList;
import java.util.List;

/**
 * What kube-apiserver's watch cache keeps of a store: each current object, and in a ring for each
 * type the objects of the last changes.
 */
final class WatchCacheHeap {
  private static final int RING_AT_LEAST = 100;
  private static final int RING_AT_MOST = 102_400;

  /** The ring grows until it holds as much. */
  private static final int FRESH_SECONDS = 75;

  /** A decoded object, beside its texts. Measured with objects that show keys. */
  private static final int OBJECT = 3600;

  /** What the ring keeps with an object. Measured. */
  private static final int EVENT = 1000;

  private final Workload workload;

  WatchCacheHeap(Workload workload) {
    this.workload = workload;
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(parts().stream().map(Part::figure).toList());
    figures.add(
        new Figure(
            "apiserver.heap",
            "live heap",
            figures.stream().mapToDouble(Figure::value).sum(),
            Unit.BYTES,
            "log + segments + snapshot + view",
            "each kube-apiserver; Go takes about twice as much from the system"));
    return figures;
  }

  private List<Part> parts() {
    LogLoad load = new LogLoad(workload);
    ObjectSize size = new ObjectSize(workload.contents());
    SegmentLoad segments = load.segments();
    double copied = 2 * segments.writes();
    double snapshot = 2 * load.chunkWrites();
    double view = load.viewUpdates() + load.viewMade() + load.viewRemoved();
    double entries = load.entries();
    return List.of(
        new Part("log", "the log", LogLoad.SLOTS, entries, entries, size.slot(load.entryBytes())),
        // segments and the snapshot's parts are of one type, which has one ring
        new Part(
            "segments",
            "the segments",
            segments.there(),
            copied,
            copied + snapshot,
            size.chunk(segments.bytes())),
        new Part(
            "snapshot",
            "the snapshot",
            load.chunksThere(),
            snapshot,
            copied + snapshot,
            size.chunk(load.chunkBytes())),
        new Part("view", "the view", load.shown(), view, view, size.shown()));
  }

  /**
   * Objects that are there, and their last changes.
   *
   * @param changes of them, each second
   * @param ofType changes of all objects of the type, each second: they share its ring
   * @param stored the bytes of one of them
   */
  private record Part(
      String name, String what, double objects, double changes, double ofType, double stored) {
    private double object() {
      return OBJECT + stored;
    }

    Figure figure() {
      long ring = ofType == 0 ? 0 : capacity(ofType);
      double share = ofType == 0 ? 0 : ring * changes / ofType;
      return new Figure(
          "apiserver." + name,
          what,
          objects * object() + share * (EVENT + object()),
          Unit.BYTES,
          formula(
              "%.0f objects x %.0f B + %.0f in a ring of %d for %s x %d s, x %.0f B",
              objects, object(), share, ring, rate(ofType), FRESH_SECONDS, EVENT + object()),
          "Kubernetes 1.37; the ring is full, and doubles from 100 up to 102,400 while it holds"
              + " less than 75 s");
    }
  }

  private static long capacity(double events) {
    long capacity = RING_AT_LEAST;
    while (capacity < RING_AT_MOST && capacity < events * FRESH_SECONDS) {
      capacity *= 2;
    }
    return capacity;
  }
}
