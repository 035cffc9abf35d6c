package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Figure;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the Java programs of a contestant hold: the live objects on their heaps, after a full
 * collection. Not what is resident: a process that has grown once puts more into the memory that it
 * has. Programs in Go do not tell what lives, so nothing is said of them.
 */
final class PartMemory {
  private static final Set<String> OF_JAVA = Set.of("kubekv", "naive");

  private final Map<String, Double> kibibytes;

  private PartMemory(Map<String, Double> kibibytes) {
    this.kibibytes = kibibytes;
  }

  static PartMemory of(List<ServerPart> parts) throws IOException {
    Map<String, Double> memory = new HashMap<>();
    for (ServerPart part : parts) {
      if (OF_JAVA.contains(part.name())) {
        memory.put(Figure.MEMORY + part.name(), ServerHeap.liveBytes(part.process()) / 1024.0);
      }
    }
    return new PartMemory(memory);
  }

  /** How much more it is than at an earlier moment, for each of so many; nothing is left out. */
  Map<String, Double> since(PartMemory before, double count) {
    Map<String, Double> each = new HashMap<>();
    kibibytes.forEach(
        (name, now) -> each.put(name, (now - before.kibibytes.getOrDefault(name, now)) / count));
    if (!each.isEmpty()) {
      double sum = each.values().stream().mapToDouble(Double::doubleValue).sum();
      each.put(Figure.total(Figure.MEMORY), sum);
    }
    return each;
  }
}
