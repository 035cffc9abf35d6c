package io.kubekv.engine;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.FaultyStore;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** The engine without a log, in a time of its own, behind a connection that can fail. */
public final class MemoryHarness implements StoreHarness {
  private final DrivenTime time = new DrivenTime(this::passed);
  private final EngineStore engine;
  private final UnaryOperator<KeyValueStore> wrapping;
  private final Duration patience;
  private volatile FaultyStore connection;
  private volatile KeyValueStore store;

  public MemoryHarness(StoreSpec spec) {
    this(spec, UnaryOperator.identity(), Duration.ofSeconds(30));
  }

  /**
   * @param wrapping what stands between the test and the store
   * @param patience how long tests wait before they fail
   */
  public MemoryHarness(StoreSpec spec, UnaryOperator<KeyValueStore> wrapping, Duration patience) {
    this.wrapping = wrapping;
    this.patience = patience;
    this.engine =
        EngineStore.inMemory(
            time.drives(
                EngineSettings.DEFAULT
                    .withLimits(spec.limits())
                    .withHistoryBytes(spec.historyBytes())));
    this.connection = new FaultyStore(engine, true);
    this.store = wrapping.apply(connection);
  }

  private void passed() {
    boolean unused = engine.endWhatIsDue().join();
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return time;
  }

  @Override
  public Duration patience() {
    return patience;
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
    store.close();
    connection = new FaultyStore(engine, connection.reachable());
    store = wrapping.apply(connection);
  }

  @Override
  public void close() {
    store.close();
    engine.close();
  }
}
