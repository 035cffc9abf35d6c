package io.kubekv.cost;

import static io.kubekv.cost.Text.formula;
import static io.kubekv.cost.Text.rate;

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
    LogLoad load = new LogLoad(workload);
    ObjectSize size = new ObjectSize(workload.contents());
    Figure log =
        kind("log", "the log", LogLoad.SLOTS, load.entries(), size.slot(load.entryBytes()));
    SegmentLoad segments = load.segments();
    Figure copied =
        kind(
            "segments",
            "the segments",
            segments.there(),
            2 * segments.writes(),
            size.chunk(segments.bytes()));
    Figure snapshot =
        kind(
            "snapshot",
            "the snapshot",
            load.chunksThere(),
            2 * load.chunkWrites(),
            size.chunk(load.chunkBytes()));
    double changes = load.viewUpdates() + load.viewMade() + load.viewRemoved();
    Figure view = kind("view", "the view", load.shown(), changes, size.shown());
    return List.of(
        log,
        copied,
        snapshot,
        view,
        new Figure(
            "apiserver.heap",
            "live heap",
            log.value() + copied.value() + snapshot.value() + view.value(),
            Unit.BYTES,
            "log + segments + snapshot + view",
            "each kube-apiserver; Go takes about twice as much from the system"));
  }

  /** Objects of one type, and their last changes. */
  private static Figure kind(
      String name, String what, double objects, double changes, double stored) {
    long capacity = changes == 0 ? 0 : capacity(changes);
    double object = OBJECT + stored;
    return new Figure(
        "apiserver." + name,
        what,
        objects * object + capacity * (EVENT + object),
        Unit.BYTES,
        formula(
            "%.0f objects x %.0f B + ring of %d for %s x %d s, x %.0f B",
            objects, object, capacity, rate(changes), FRESH_SECONDS, EVENT + object),
        "Kubernetes 1.37; the ring is full, and doubles from 100 up to 102,400 while it holds less"
            + " than 75 s");
  }

  private static long capacity(double events) {
    long capacity = RING_AT_LEAST;
    while (capacity < RING_AT_MOST && capacity < events * FRESH_SECONDS) {
      capacity *= 2;
    }
    return capacity;
  }
}
