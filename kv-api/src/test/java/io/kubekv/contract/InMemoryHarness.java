package io.kubekv.contract;

import io.kubekv.KeyValueStore;
import io.kubekv.memory.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** An {@link InMemoryStore} in a time of its own, behind a connection that can fail. */
public final class InMemoryHarness implements StoreHarness {
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryStore memory;
  private final UnaryOperator<KeyValueStore> wrapping;
  private final Duration patience;
  private volatile FaultyStore connection;
  private volatile KeyValueStore store;

  public InMemoryHarness(StoreSpec spec) {
    this(spec, UnaryOperator.identity(), Duration.ofSeconds(30));
  }

  /**
   * @param wrapping what stands between the test and the store
   * @param patience how long tests wait before they fail
   */
  public InMemoryHarness(StoreSpec spec, UnaryOperator<KeyValueStore> wrapping, Duration patience) {
    this.wrapping = wrapping;
    this.patience = patience;
    this.memory =
        InMemoryStore.driven(
            InMemoryStore.Settings.DEFAULT
                .withLimits(spec.limits())
                .withHistoryBytes(spec.historyBytes()),
            () -> Instant.EPOCH.plusNanos(nanos.get()),
            nanos::get);
    this.connection = new FaultyStore(memory, true);
    this.store = wrapping.apply(connection);
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return new ClockDriver() {
      @Override
      public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        memory.expireDue();
      }

      @Override
      public long nanos() {
        return nanos.get();
      }

      @Override
      public Duration tolerance() {
        return Duration.ZERO;
      }
    };
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

  /** Nothing to do: the store is a map in this process, and its watches read its own history. */
  @Override
  public void dropConnections() {}

  @Override
  public void restart() {
    store.close();
    connection = new FaultyStore(memory, connection.reachable());
    store = wrapping.apply(connection);
  }

  @Override
  public void close() {
    store.close();
    memory.close();
  }
}
