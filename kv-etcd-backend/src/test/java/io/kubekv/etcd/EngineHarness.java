package io.kubekv.etcd;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.StoreException;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** The engine over a log on a real etcd, at the end of a cable; its time is driven. */
final class EngineHarness implements StoreHarness {
  /** Longer than a busy machine keeps a thread waiting. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private final LogRig rig;
  private final EngineSettings settings;
  private final AtomicLong nanos = new AtomicLong();
  private volatile EngineStore store;

  EngineHarness(EtcdVersion version, StoreSpec spec) {
    this.rig = new LogRig(version);
    this.settings =
        EngineSettings.DEFAULT
            .withLimits(spec.limits())
            .withHistoryBytes(spec.historyBytes())
            .withPatience(Duration.ofSeconds(20))
            .withHolding(Duration.ofSeconds(5))
            .withPause(Duration.ofMillis(10))
            .withClocks(() -> START.plusNanos(nanos.get()), nanos::get);
    this.store = open();
    Awaitility.await().atMost(patience()).until(() -> store.status().ready());
  }

  private EngineStore open() {
    return EngineStore.open(rig.log(), rig.lease(LEASE), settings);
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
        endWhatIsDue();
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

  /**
   * What is due ends before a request is decided, and a refusal waits for what it was decided on.
   */
  private void endWhatIsDue() {
    try {
      var unused = Await.change(store.delete(DeleteRequest.of(Key.of("never/put"))));
    } catch (StoreException notServing) {
      // it ends when it serves again
    }
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void loseNextAnswer() {
    rig.faults().loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    rig.faults().loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    rig.cable().unplug();
  }

  @Override
  public void heal() {
    rig.cable().plug();
  }

  @Override
  public void dropConnections() {
    rig.cable().cut();
  }

  @Override
  public void restart() {
    store.close();
    store = open();
  }

  @Override
  public void close() {
    store.close();
    rig.close();
  }
}
