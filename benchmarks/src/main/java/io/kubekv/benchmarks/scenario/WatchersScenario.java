package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.HolderProcess;
import io.kubekv.benchmarks.Watching;
import io.kubekv.benchmarks.report.Chapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many watches of one key, held by another process; the key changes, and what is timed is until the
 * last of them has its event.
 */
record WatchersScenario(
    Chapter chapter, List<Entrant> entrants, List<Double> points, int rounds, Watching watching)
    implements Scenario {
  static final String LAST = "last_ms";

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    try (HolderProcess holder = HolderProcess.against(door(contestant), watching)) {
      holder.ask("open " + (int) Math.max(1, x / 10));
      holder.ask("change");
    }
  }

  private InetSocketAddress door(Contestant contestant) {
    return switch (watching) {
      case ETCD -> contestant.store().orElseThrow().address();
      case CONSUL -> contestant.consul().orElseThrow();
    };
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    Map<String, Double> figures = new HashMap<>();
    try (HolderProcess holder = HolderProcess.against(door(contestant), watching)) {
      PartMemory idle = PartMemory.of(parts);
      holder.ask("open " + (int) x);
      figures.putAll(PartMemory.of(parts).since(idle, x));
      Usage before = Usage.of(parts);
      String[] answer = holder.ask("change").split(" ");
      figures.putAll(Usage.of(parts).since(before, (long) x));
      if (!answer[1].equals("0")) {
        throw new IOException(answer[1] + " watches had no event within 30 s");
      }
      figures.put(LAST, Long.parseLong(answer[3]) / 1e6);
    }
    return figures;
  }
}
