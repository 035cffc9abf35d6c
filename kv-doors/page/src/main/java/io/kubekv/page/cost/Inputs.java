package io.kubekv.page.cost;

import io.kubekv.cost.Unit;
import io.kubekv.cost.Workload;
import io.kubekv.page.cost.CostTable.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the prediction is made of, and where each of it comes from. */
record Inputs(Serving serving, Optional<Looks.Rates> rates, Contents contents, Lately lately) {
  /** Of whoever is not asked: kube-apiserver's own default. */
  private static final Duration COMPACTION = Duration.ofMinutes(5);

  /** Where none was measured yet. */
  private static final Duration ANSWER = Duration.ofMillis(4);

  Workload workload() {
    return new Workload(
        changes(),
        new Workload.Contents(
            contents.keys(),
            Math.max(1, contents.keyBytes()),
            contents.valueBytes(),
            contents.binary(),
            Math.max(1, serving.namespaceBytes())),
        new Workload.Service(
            replicas(),
            serving.watchers() * replicas(),
            serving.lease(),
            serving.historyBytes(),
            COMPACTION,
            answer().orElse(ANSWER)));
  }

  private int replicas() {
    return Math.max(1, serving.replicas());
  }

  private Workload.Changes changes() {
    double revisions = rates.map(Looks.Rates::changesPerSecond).orElse(0.0);
    if (lately.revisions() == 0) {
      return Workload.Changes.puts(revisions);
    }
    return new Workload.Changes(
        revisions * lately.share(lately.puts()),
        revisions * lately.share(lately.creates()),
        lately.parentsOfEach(),
        revisions * lately.share(lately.deletes()));
  }

  /** What the API server took for an entry of the log since this process began. */
  private Optional<Duration> answer() {
    Serving.Counts counts = serving.counts();
    return counts.entries() == 0
        ? Optional.empty()
        : Optional.of(
            Duration.ofNanos(
                Math.max(1_000_000, Math.round(counts.entrySeconds() / counts.entries() * 1e9))));
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(row("Keys", String.format(Locale.ROOT, "%,d", contents.keys()), ""));
    rows.add(row("A key", bytes(contents.keyBytes()), "the mean of " + looked()));
    rows.add(row("A value", value(), valueNote()));
    rows.add(row("Changes", rate(), rateNote()));
    rows.add(row("Replicas", Integer.toString(serving.replicas()), "as far as is known here"));
    rows.add(
        row(
            "Clients that watch",
            Long.toString(serving.watchers()),
            replicas() == 1
                ? "at this replica"
                : "at this replica; how many are at the others is not known here, and as many are"
                    + " taken"));
    rows.add(
        row(
            "Answer of the API server",
            answer()
                .map(time -> String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6))
                .orElse("not known yet"),
            answer().isPresent()
                ? "the mean of the writes of the log since this process began"
                : "nothing was written since this process began; 4 ms are taken"));
    rows.add(
        row(
            "Compaction of etcd",
            "not known here",
            "kube-apiserver's default of 5 minutes is taken"));
    return rows;
  }

  private static Row row(String name, String value, String note) {
    return new Row(name, value, "", note);
  }

  private static String bytes(long bytes) {
    return Unit.BYTES.text(bytes);
  }

  private String looked() {
    return contents.isWhole() ? "all" : "the first " + contents.looked();
  }

  private String value() {
    return (contents.isWhole() ? "" : "at most ") + bytes(contents.valueBytes());
  }

  private String valueNote() {
    String written =
        lately
            .meanWritten()
            .map(mean -> "; what was written lately: " + bytes(mean) + ", the mean")
            .orElse("");
    return (contents.isWhole()
            ? "the mean of all"
            : "the mean by what all take in memory, directories and sessions included")
        + (contents.binary() ? "; most are no text" : "")
        + written;
  }

  private String rate() {
    return rates.map(seen -> Unit.PER_SECOND.text(seen.changesPerSecond())).orElse("not known yet");
  }

  private String rateNote() {
    if (rates.isEmpty()) {
      return "it is measured from one look at this screen to the next; the prediction is of a store"
          + " at rest";
    }
    String over = "measured over " + over(rates.get().over());
    if (lately.revisions() == 0) {
      return over + "; what they were is not remembered, and puts of existing keys are taken";
    }
    return over
        + String.format(
            Locale.ROOT,
            "; of the latest %,d: %,d puts of existing keys, %,d of new keys, %,d deletes",
            lately.revisions(),
            lately.puts(),
            lately.creates(),
            lately.deletes());
  }

  private static String over(Duration time) {
    long seconds = time.toSeconds();
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }
}
