package io.kubekv.cost;

import java.util.List;

/**
 * Everything that a store writes to the Kubernetes API, but its Lease.
 *
 * @param what for people, in formulas
 * @param rate each second
 * @param stored the bytes of the object afterwards; 0 of one that is removed
 * @param key the bytes of its key in etcd
 */
record Writes(String what, Verb verb, double rate, double stored, double key) {
  enum Verb {
    PUT,
    POST,
    DELETE
  }

  /** All of a workload; those whose rate is 0 too. */
  static List<Writes> of(Workload workload) {
    LogLoad load = new LogLoad(workload);
    ObjectSize size = new ObjectSize(workload.contents());
    SegmentLoad segments = load.segments();
    double segment = size.chunk(segments.bytes());
    double chunk = size.chunk(load.chunkBytes());
    double list = size.segmentList(segments.listed());
    return List.of(
        new Writes(
            "entries", Verb.PUT, load.entries(), size.slot(load.entryBytes()), size.slotKey()),
        new Writes("segments", Verb.POST, segments.writes(), segment, size.chunkKey()),
        new Writes("old segments", Verb.DELETE, segments.writes(), 0, size.chunkKey()),
        new Writes(
            "lists of them",
            Verb.PUT,
            segments.copyings() + load.snapshots(),
            list,
            size.segmentListKey()),
        new Writes("chunks", Verb.POST, load.chunkWrites(), chunk, size.chunkKey()),
        new Writes("old chunks", Verb.DELETE, load.chunkWrites(), 0, size.chunkKey()),
        new Writes(
            "manifests",
            Verb.PUT,
            load.snapshots(),
            size.manifest(load.chunks()),
            size.manifestKey()),
        new Writes("shown keys", Verb.PUT, load.viewUpdates(), size.shown(), size.shownKey()),
        new Writes("new shown keys", Verb.POST, load.viewMade(), size.shown(), size.shownKey()),
        new Writes("keys gone", Verb.DELETE, load.viewRemoved(), 0, size.shownKey()),
        new Writes("Store objects", Verb.PUT, load.storeWrites(), size.store(), size.storeKey()));
  }
}
