package io.kubekv.engine;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.FaultyStore;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

/** The engine without a log, in a time of its own, behind a connection that can fail. */
final class MemoryHarness implements StoreHarness {
  private final DrivenTime time = new DrivenTime(this::passed);
  private final EngineStore engine;
  private volatile FaultyStore connection;

  MemoryHarness(StoreSpec spec) {
    engine =
        EngineStore.inMemory(
            time.drives(
                EngineSettings.DEFAULT
                    .withLimits(spec.limits())
                    .withHistoryBytes(spec.historyBytes())));
    connection = new FaultyStore(engine, true);
  }

  private void passed() {
    boolean unused = engine.endWhatIsDue().join();
  }

  @Override
  public KeyValueStore store() {
    return connection;
  }

  @Override
  public ClockDriver clock() {
    return time;
  }

  @Override
  public void loseNextAnswer() {
    connection.loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    connection.loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    connection.setReachable(false);
  }

  @Override
  public void heal() {
    connection.setReachable(true);
  }

  /** Nothing to do: there is no connection inside. */
  @Override
  public void dropConnections() {}

  @Override
  public void restart() {
    connection.close();
    connection = new FaultyStore(engine, connection.reachable());
  }

  @Override
  public void close() {
    connection.close();
    engine.close();
  }
}
