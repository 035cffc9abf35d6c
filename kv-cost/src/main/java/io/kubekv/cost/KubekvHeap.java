package io.kubekv.cost;

import static io.kubekv.cost.Text.bytes;
import static io.kubekv.cost.Text.formula;

import java.util.List;

/** The live objects of one replica. Measured, with JDK 25. */
final class KubekvHeap {
  private static final long EMPTY = 30L << 20;

  /** Of an entry, beside its key and value: the entry, and the nodes of two trees. */
  private static final int ENTRY = 300;

  /** Of a past event, beside the key and value that were replaced. */
  private static final int EVENT = 270;

  /** What {@code --history-bytes} counts for an event beside two keys and two values. */
  private static final int COUNTED = 500;

  private static final int WATCHER = 10_750;

  private final Workload workload;

  KubekvHeap(Workload workload) {
    this.workload = workload;
  }

  List<Figure> figures() {
    return List.of(keys(), log(), watchers(), event(), history(), total());
  }

  private long content() {
    return workload.contents().keyBytes() + workload.contents().valueBytes();
  }

  private Figure keys() {
    long keys = workload.contents().keys();
    return new Figure(
        "kubekv.keys",
        "keys",
        (double) keys * (ENTRY + content()),
        Unit.BYTES,
        formula("%d keys x (%d B + %d B key and value)", keys, ENTRY, content()),
        "in every replica; keys and values of Latin-1");
  }

  private Figure log() {
    double remembered = new LogLoad(workload).segments().remembered();
    return new Figure(
        "kubekv.log",
        "entries to be copied",
        remembered,
        Unit.BYTES,
        remembered == 0
            ? "none"
            : formula("what %d slots hold, 8 MiB at most", SegmentLoad.COPIED_AT),
        "in the replica with the lease");
  }

  private Figure watchers() {
    Workload.Service service = workload.service();
    long each = Math.ceilDiv(service.watchers(), service.replicas());
    return new Figure(
        "kubekv.watchers",
        "clients that watch",
        (double) each * WATCHER,
        Unit.BYTES,
        formula("%d at one replica x %s", each, bytes(WATCHER)),
        "connections of HTTP/1.1");
  }

  private Figure event() {
    return new Figure(
        "kubekv.event",
        "a past event",
        (double) (EVENT + content()),
        Unit.BYTES,
        formula("%d B + %d B key and value that were replaced", EVENT, content()),
        "");
  }

  private Figure history() {
    Workload.Changes changes = workload.changes();
    double rate = changes.puts() + changes.made() + changes.deletes();
    long counted = COUNTED + 2 * content();
    long events = rate == 0 ? 0 : workload.service().historyBytes() / counted;
    return new Figure(
        "kubekv.history",
        "past events",
        (double) events * (EVENT + content()),
        Unit.BYTES,
        rate == 0
            ? "nothing is changed"
            : formula(
                "%s / %d B counted = %d events x %d B",
                bytes(workload.service().historyBytes()), counted, events, EVENT + content()),
        formula(
            "full, as it is after %.0f s of this workload; what is counted (--history-bytes) is"
                + " more than what is used, because current values are counted as well",
            rate == 0 ? 0 : Math.ceil(events / rate)));
  }

  private Figure total() {
    double sum = EMPTY + keys().value() + log().value() + watchers().value() + history().value();
    return new Figure(
        "kubekv.heap",
        "live heap",
        sum,
        Unit.BYTES,
        formula("%s + keys + log + watchers + past events", bytes(EMPTY)),
        "the process needs about twice as much (-Xmx), for garbage, and 150 MiB beside it");
  }
}
