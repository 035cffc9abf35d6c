package io.kubekv.cost;

import static io.kubekv.cost.Text.bytes;
import static io.kubekv.cost.Text.formula;
import static io.kubekv.cost.Text.rate;

import java.util.List;

/** What goes into the log and the snapshot below it. */
final class LogCost {
  private final Workload workload;
  private final LogLoad load;

  LogCost(Workload workload) {
    this.workload = workload;
    this.load = new LogLoad(workload);
  }

  List<Figure> figures() {
    return List.of(log(), grouped(), copied(), snapshot(), snapshots(), written());
  }

  private Figure log() {
    EntrySize size = new EntrySize(workload.contents());
    Workload.Changes changes = workload.changes();
    return new Sum()
        .add("puts", changes.puts() + changes.creates(), size.put(), "B")
        .add("parents", changes.directories(), size.directory(), "B")
        .add("deletes", changes.deletes(), size.delete(), "B")
        .add("entries", load.entries(), EntrySize.entry(), "B")
        .figure(
            "log.bytes",
            "bytes of entries",
            Unit.BYTES_PER_SECOND,
            "before base64, and before they are packed where that helps");
  }

  private Figure grouped() {
    double each = load.entries() == 0 ? 0 : load.requests() / load.entries();
    return new Figure(
        "log.group",
        "changes in an entry",
        each,
        Unit.COUNT,
        formula("requests %s / entries %s", rate(load.requests()), rate(load.entries())),
        "");
  }

  private Figure copied() {
    SegmentLoad segments = load.segments();
    return new Figure(
        "segments.written",
        "bytes that are copied out",
        segments.writes() * segments.bytes(),
        Unit.BYTES_PER_SECOND,
        segments.writes() == 0
            ? "none: snapshots make room before half of the slots are used"
            : formula(
                "entries %s / %d x %.0f segments x %s",
                rate(load.entries()),
                SegmentLoad.COPIED_AT,
                segments.writes() / segments.copyings(),
                bytes(segments.bytes())),
        "half of the slots at a time: what was put, once more");
  }

  private Figure snapshot() {
    return new Figure(
        "snapshot.bytes",
        "a snapshot",
        load.snapshotBytes(),
        Unit.BYTES,
        formula(
            "%d keys x %d B, in %.0f parts",
            workload.contents().keys(),
            new EntrySize(workload.contents()).record(),
            Math.ceil(load.chunks())),
        "before base64");
  }

  private Figure snapshots() {
    return new Figure(
        "snapshot.rate",
        "snapshots",
        load.snapshots(),
        Unit.PER_SECOND,
        formula("changes %s/s / %s", bytes(load.countedBytes()), bytes(load.snapshotAfter())),
        "as the engine counts them, after 16 MiB, or half of what the store takes if that is more;"
            + " earlier when there are 384 segments, or 144 MiB of them");
  }

  private Figure written() {
    return new Figure(
        "snapshot.written",
        "bytes of new parts",
        load.chunkWrites() * load.chunkBytes(),
        Unit.BYTES_PER_SECOND,
        formula(
            "snapshots %s x %.1f parts x %s",
            rate(load.snapshots()), load.chunksWritten(), bytes(load.chunkBytes())),
        "changes that are spread evenly over all keys; the nearer together they are, the fewer"
            + " parts differ");
  }
}
