package io.kubekv.server.cost;

import static io.kubekv.server.cost.Text.formula;
import static io.kubekv.server.cost.Text.rate;

import java.util.List;

/**
 * What kube-apiserver's watch cache keeps of the keys: each current object, and in a ring the
 * objects of the last changes.
 */
final class WatchCacheHeap {
  private static final int RING_AT_LEAST = 100;
  private static final int RING_AT_MOST = 102_400;

  /** The ring grows until it holds as much. */
  private static final int FRESH_SECONDS = 75;

  /** A decoded object, beside key, value and namespace. Measured. */
  private static final int OBJECT = 3600;

  /** What the ring keeps with an object. Measured. */
  private static final int EVENT = 1000;

  private final Workload workload;

  WatchCacheHeap(Workload workload) {
    this.workload = workload;
  }

  List<Figure> figures() {
    Figure objects = objects();
    Figure ring = ring();
    return List.of(
        objects,
        change(),
        ring,
        new Figure(
            "apiserver.heap",
            "live heap",
            objects.value() + ring.value(),
            Unit.BYTES,
            "keys + last changes",
            "each kube-apiserver; Go takes about twice as much from the system"));
  }

  private long object() {
    Workload.Contents contents = workload.contents();
    return OBJECT + contents.keyBytes() + contents.valueBytes();
  }

  private Figure objects() {
    long objects = new ApiCost(workload).objects();
    return new Figure(
        "apiserver.keys",
        "keys",
        (double) objects * object(),
        Unit.BYTES,
        formula("%d objects x %d B", objects, object()),
        "Kubernetes 1.37");
  }

  private Figure change() {
    return new Figure(
        "apiserver.change",
        "one of the last changes",
        EVENT + object(),
        Unit.BYTES,
        formula("%d B + %d B object", EVENT, object()),
        "");
  }

  private Figure ring() {
    double events = workload.changes().events();
    long capacity = capacity(events);
    return new Figure(
        "apiserver.ring",
        "last changes",
        capacity * change().value(),
        Unit.BYTES,
        formula(
            "ring of %d for %s x %d s, x %.0f B",
            capacity, rate(events), FRESH_SECONDS, change().value()),
        "full; it doubles from 100 up to 102,400 while it holds less than 75 s");
  }

  private static long capacity(double events) {
    long capacity = RING_AT_LEAST;
    while (capacity < RING_AT_MOST && capacity < events * FRESH_SECONDS) {
      capacity *= 2;
    }
    return capacity;
  }
}
