package io.kubekv.server.cost;

import static io.kubekv.server.cost.Text.bytes;
import static io.kubekv.server.cost.Text.formula;
import static io.kubekv.server.cost.Text.rate;

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
    return List.of(log(), grouped(), snapshot(), snapshots(), written());
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
        formula(
            "the more of entries %s / %d and bytes %s/s / 16 MiB",
            rate(load.entries()), LogLoad.SLOTS / 2, bytes(load.logBytes())),
        "half of the slots, or 16 MiB of entries");
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
