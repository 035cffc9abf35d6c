package io.kubekv.benchmarks.scenario;

import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a report says of the circumstances: machine, versions, settings. */
final class About {
  private About() {}

  static Map<String, String> of(Size size, long seed, String command) throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    about.put("size", size.name().toLowerCase(Locale.ROOT));
    about.put("seed", Long.toString(seed));
    about.put("command", command);
    about.put("slice", seconds(size.slice()));
    about.put("warm-up", warmUp(size));
    about.put("Docker's engines", seconds(size.docker()) + " a round");
    about.put(
        "kubekv",
        said("git", "-C", Repository.root().toString(), "describe", "--always", "--dirty"));
    about.put(
        "processors",
        Runtime.getRuntime().availableProcessors() + " x " + line("/proc/cpuinfo", "model name"));
    about.put("memory", line("/proc/meminfo", "MemTotal"));
    about.put("system", said("uname", "-sr"));
    about.put("disk", said("df", "--output=fstype,source", System.getProperty("java.io.tmpdir")));
    about.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    for (String program : new String[] {"ETCD35", "ETCD36", "CONSUL", "KUBE_APISERVER"}) {
      Optional.ofNullable(System.getenv("BENCHMARKS_" + program))
          .ifPresent(
              path ->
                  about.put(
                      program.toLowerCase(Locale.ROOT), Path.of(path).getFileName().toString()));
    }
    DebianZooKeeper.version().ifPresent(version -> about.put("zookeeper", version));
    return about;
  }

  /** As {@link LoadScenario} has it, and the engines. */
  private static String warmUp(Size size) {
    return seconds(size.warmUp())
        + " of the middle point's load for each contestant, then "
        + seconds(LoadScenario.warmUpAgain(size.warmUp(), size.slice()))
        + " of its own before each point; Docker's engines "
        + seconds(size.warmUp())
        + " at each";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static String line(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String said(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String all =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return all.lines().reduce((first, last) -> last).orElse("unknown");
  }
}
