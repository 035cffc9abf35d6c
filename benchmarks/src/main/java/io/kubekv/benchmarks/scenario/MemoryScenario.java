package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.Filling;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.report.Chapter;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** So many keys are written, and what is asked is how much more lives in each process then. */
record MemoryScenario(
    Chapter chapter, List<Entrant> entrants, List<Double> points, int rounds, int valueBytes)
    implements Scenario {

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    fill(contestant, "before-" + (long) x, x);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    PartMemory before = PartMemory.of(parts);
    fill(contestant, "memory-" + (long) x + "-" + seed, x);
    return PartMemory.of(parts).since(before, x);
  }

  private void fill(Contestant contestant, String root, double count) throws IOException {
    Client.Connector client = contestant.client(Protocol.ETCD_V2);
    Filling.fill(client, Keys.of(root, (int) count, valueBytes));
  }
}
