package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.ResidentMemory;
import io.kubekv.benchmarks.report.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each process of a contestant holds of the machine's memory, once it has thrown away what it
 * can be told to: the Java programs collect their garbage first ({@code jcmd GC.run}).
 */
final class PartMemory {
  private static final Set<String> OF_JAVA = Set.of("kubekv", "naive");

  private final Map<String, Double> kibibytes;

  private PartMemory(Map<String, Double> kibibytes) {
    this.kibibytes = kibibytes;
  }

  static PartMemory of(List<ServerPart> parts) throws IOException {
    Map<String, Double> memory = new HashMap<>();
    double sum = 0;
    for (ServerPart part : parts) {
      if (OF_JAVA.contains(part.name())) {
        collect(part.process());
      }
      double kibibytes = ResidentMemory.mebibytes(part.process()) * 1024;
      memory.put(Figure.MEMORY + part.name(), kibibytes);
      sum += kibibytes;
    }
    memory.put(Figure.total(Figure.MEMORY), sum);
    return new PartMemory(memory);
  }

  /**
   * How much more it is than at an earlier moment, for each of so many; never less than nothing.
   */
  Map<String, Double> since(PartMemory before, double count) {
    Map<String, Double> each = new HashMap<>();
    kibibytes.forEach(
        (name, now) ->
            each.put(name, Math.max(0, now - before.kibibytes.getOrDefault(name, now)) / count));
    return each;
  }

  private static void collect(long process) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection =
        new ProcessBuilder(jcmd.toString(), Long.toString(process), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int status = collection.waitFor();
      if (status != 0) {
        throw new IOException("jcmd cannot reach process " + process + ": status " + status);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while process " + process + " collects", interrupted);
    }
  }
}
