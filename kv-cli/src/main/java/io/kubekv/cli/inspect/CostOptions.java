package io.kubekv.cli.inspect;

import io.kubekv.cli.terminal.ByteSize;
import io.kubekv.cost.Workload;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The workload whose cost is asked for. */
final class CostOptions {
  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Puts of existing keys, each second (${DEFAULT-VALUE}).")
  double puts = 10;

  @Option(
      names = "--creates",
      paramLabel = "N",
      description = "Puts of new keys, each second (${DEFAULT-VALUE}).")
  double creates = 0;

  @Option(
      names = "--parents",
      paramLabel = "N",
      description =
          "Directories that each new key lacks, which an etcd v2 put makes (${DEFAULT-VALUE}).")
  int parents = 0;

  @Option(
      names = "--deletes",
      paramLabel = "N",
      description = "Deletes and expiries, each second (${DEFAULT-VALUE}).")
  double deletes = 0;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Keys that are there, directories included (${DEFAULT-VALUE}).")
  long keys = 1000;

  @Option(
      names = "--watchers",
      paramLabel = "N",
      description = "Clients that watch, at all replicas together (${DEFAULT-VALUE}).")
  long watchers = 0;

  @Option(
      names = "--value",
      paramLabel = "SIZE",
      description = "The length of a value (${DEFAULT-VALUE}).")
  ByteSize value = new ByteSize(200);

  @Option(names = "--binary", description = "Values are no text, and stored as base64.")
  boolean binary;

  @Option(
      names = "--key",
      paramLabel = "SIZE",
      description = "The length of a key (${DEFAULT-VALUE}).")
  ByteSize key = new ByteSize(40);

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace that is the store; its length counts (${DEFAULT-VALUE}).")
  String namespace = "default";

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "Processes that serve the store (${DEFAULT-VALUE}).")
  int replicas = 1;

  @Option(
      names = "--lease-duration",
      paramLabel = "DURATION",
      description = "As of serve; the lease is renewed every third of it (6s).")
  Duration lease = Duration.ofSeconds(6);

  @Option(
      names = "--history-bytes",
      paramLabel = "SIZE",
      description = "As of serve (${DEFAULT-VALUE}).")
  ByteSize history = new ByteSize(64L << 20);

  @Option(
      names = "--compaction",
      paramLabel = "DURATION",
      description = "kube-apiserver's --etcd-compaction-interval (5m).")
  Duration compaction = Duration.ofMinutes(5);

  @Option(
      names = "--api-answer",
      paramLabel = "DURATION",
      description =
          "How long the API server takes for a PUT; changes that come meanwhile share one (4ms).")
  Duration answer = Duration.ofMillis(4);

  /** Fails with {@link IllegalArgumentException} that names the option. */
  Workload workload() {
    return new Workload(
        new Workload.Changes(puts, creates, parents, deletes),
        new Workload.Contents(keys, key.bytes(), value.bytes(), binary, namespace.length()),
        new Workload.Service(replicas, watchers, lease, history.bytes(), compaction, answer));
  }
}
