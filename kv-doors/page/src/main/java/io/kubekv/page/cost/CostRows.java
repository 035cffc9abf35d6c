package io.kubekv.page.cost;

import static io.kubekv.page.cost.CostTable.NOT_MEASURED;
import static io.kubekv.page.cost.CostTable.NOT_PREDICTED;

import io.kubekv.cost.Figure;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Unit;
import io.kubekv.page.cost.CostTable.Group;
import io.kubekv.page.cost.CostTable.Row;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Figures of a prediction in plain words, each beside what is measured of the same. */
record CostRows(Optional<Prediction> prediction, Serving serving, Optional<Looks.Rates> rates) {
  private static final String OF_THIS = " by this replica";

  List<Group> groups() {
    return List.of(
        new Group("The API server", apiServer()),
        new Group("etcd, each member", etcd()),
        new Group("kubekv, each replica", kubekv()));
  }

  private List<Row> apiServer() {
    return List.of(
        row("Calls", "api.total", perSecond(rates.map(Looks.Rates::callsPerSecond))),
        row(
            "of these, entries of the log",
            "api.entries",
            perSecond(rates.map(Looks.Rates::entriesPerSecond))),
        row("Bytes to those that watch", "watch.bytes.total", NOT_MEASURED),
        row("Bytes of other calls", "api.bytes", NOT_MEASURED),
        row("Memory of its watch cache", "apiserver.heap", NOT_MEASURED),
        processor("Processor", NOT_MEASURED));
  }

  private List<Row> etcd() {
    Serving.Held held = serving.held();
    return List.of(
        row("Writes", "etcd.revisions", NOT_MEASURED),
        row("Written to the disk", "etcd.disk", NOT_MEASURED),
        row("Kept: all objects", "database.live", NOT_MEASURED),
        row("of these, the log", "database.log", log(held)),
        row(
            "the segments",
            "database.segments",
            bytes(held.segmentBytes(), " as base64, since the newest snapshot")),
        row("the snapshot", "database.snapshot", snapshot(held)),
        row("the objects that show keys", "database.view", count(held.shownKeys(), " keys")),
        row("Kept at most, until it is compacted", "database.peak", NOT_MEASURED),
        processor("Processor", NOT_MEASURED));
  }

  private List<Row> kubekv() {
    return List.of(
        row("Heap", "kubekv.heap", bytes(serving.held().heapBytes(), " here, garbage included")),
        processor(
            "Processor",
            rates
                .flatMap(Looks.Rates::processor)
                .map(used -> String.format(Locale.ROOT, "%.1f %% of one, here", 100 * used))
                .orElse(NOT_MEASURED)));
  }

  /** The model has no figure for it. */
  private static Row processor(String name, String measured) {
    return new Row(
        name, NOT_PREDICTED, measured, "how much a call takes differs from machine to machine");
  }

  private Row row(String name, String figure, String measured) {
    return prediction
        .map(all -> all.figure(figure))
        .map(found -> new Row(name, found.text(), measured, note(found)))
        .orElseGet(() -> new Row(name, NOT_PREDICTED, measured, ""));
  }

  private static String note(Figure figure) {
    return figure.assumes().isEmpty()
        ? "= " + figure.formula()
        : "= " + figure.formula() + "; " + figure.assumes();
  }

  private static String perSecond(Optional<Double> rate) {
    return rate.map(value -> Unit.PER_SECOND.text(value) + OF_THIS).orElse(NOT_MEASURED);
  }

  private static String log(Serving.Held held) {
    return held.logBytes().isPresent()
        ? bytes(held.logBytes(), " as base64, in ") + count(held.slots(), " entries")
        : count(held.slots(), " entries");
  }

  private static String snapshot(Serving.Held held) {
    return held.snapshot().isPresent()
        ? "its bytes are " + NOT_MEASURED + "; it is of revision " + held.snapshot().getAsLong()
        : NOT_MEASURED;
  }

  private static String bytes(OptionalLong bytes, String of) {
    return bytes.isPresent() ? Unit.BYTES.text(bytes.getAsLong()) + of : NOT_MEASURED;
  }

  private static String count(OptionalLong count, String of) {
    return count.isPresent()
        ? String.format(Locale.ROOT, "%,d", count.getAsLong()) + of
        : NOT_MEASURED;
  }
}
