package io.kubekv.k8s;

import io.kubekv.KeyValueStore;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.ForwardingStore;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.util.function.UnaryOperator;

/** A store whose API server goes wrong all the time, also while the store opens. */
final class FaultyHarness implements StoreHarness {
  private final EmbeddedHarness inner;
  private final Nemesis nemesis;
  private final UnaryOperator<KeyValueStore> face;

  /**
   * @param face how the tests call the store
   */
  FaultyHarness(StoreSpec spec, Nemesis nemesis, UnaryOperator<KeyValueStore> face) {
    this.nemesis = nemesis;
    this.face = face;
    this.inner = new EmbeddedHarness(spec, server -> nemesis.arm(server.faults()));
  }

  /** The store; history matters to the test from its first watch on. */
  @Override
  public KeyValueStore store() {
    return new ForwardingStore(face.apply(inner.store())) {
      @Override
      public Watch watch(WatchRequest request) {
        nemesis.keepHistory();
        return super.watch(request);
      }
    };
  }

  @Override
  public ClockDriver clock() {
    return inner.clock();
  }

  @Override
  public void loseNextAnswer() {
    nemesis.spareNextChange();
    inner.loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    nemesis.spareNextChange();
    inner.loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    inner.heal();
    inner.makeUnavailable();
  }

  @Override
  public void heal() {
    inner.heal();
    nemesis.arm(inner.server().faults());
  }

  @Override
  public void dropConnections() {
    inner.dropConnections();
  }

  @Override
  public void restart() {
    inner.restart();
  }

  @Override
  public void close() {
    inner.close();
  }
}
