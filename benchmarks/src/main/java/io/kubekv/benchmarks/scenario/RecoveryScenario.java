package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.EtcdV2Client;
import io.kubekv.benchmarks.load.Filling;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A store that is killed and started again at once: how long until it answers a read of a key that
 * was written before, and then a write.
 */
record RecoveryScenario(Chapter chapter, List<Entrant> entrants, List<Double> points, int rounds)
    implements Scenario {
  static final String READ = "read_after_ms";
  static final String WRITTEN = "written_after_ms";
  private static final long WITHIN_NANOS = 60_000_000_000L;

  private static Keys keys(double x) {
    return Keys.of("recovery", (int) x, 200);
  }

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    Filling.fill(contestant.client(Protocol.ETCD_V2), keys(x));
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    Keys keys = keys(x);
    StoreProcess store = contestant.store().orElseThrow();
    store.kill();
    long killed = System.nanoTime();
    store.startAgain();
    double read = until(store, killed, new Operation.Get(keys.name(keys.count() - 1)));
    double written = until(store, killed, new Operation.Put(keys.name(0), keys.value()));
    return Map.of(READ, read, WRITTEN, written);
  }

  private static double until(StoreProcess store, long since, Operation operation)
      throws IOException {
    while (true) {
      try (Client client = new EtcdV2Client(store.address())) {
        client.perform(operation);
        return (System.nanoTime() - since) / 1e6;
      } catch (IOException notYet) {
        if (System.nanoTime() - since > WITHIN_NANOS) {
          throw notYet;
        }
      }
    }
  }
}
