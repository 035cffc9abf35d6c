package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A store seen through a replica that does not hold its lease; another one does. */
final class FollowerHarness implements StoreHarness {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LATE = Duration.ofSeconds(3);
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Predicate<Faults.Call> CHANGES =
      call -> call.write() && call.path().contains("/storelogs");

  private final StoreSpec spec;
  private final EmbeddedApiServer api;
  private final ReplicaUnderTest holder;
  private ReplicaUnderTest follower;

  FollowerHarness(StoreSpec spec) {
    this.spec = spec;
    try {
      api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    holder = new ReplicaUnderTest(api, "holder", LEASE, spec);
    Awaitility.await().atMost(SOON).until(() -> holder.own().status().ready());
    follower = new ReplicaUnderTest(api, "follower", LEASE, spec);
    if (!holder.own().status().ready() || follower.own().status().ready()) {
      throw new AssertionError("the second replica is to follow the first");
    }
  }

  /** What is somewhere else is asked for. */
  @Override
  public boolean knowsAtOnce() {
    return false;
  }

  @Override
  public KeyValueStore store() {
    return follower.store();
  }

  @Override
  public ClockDriver clock() {
    return ClockDriver.realTime(LATE);
  }

  @Override
  public void loseNextAnswer() {
    api.faults().inject(1, CHANGES, new Faults.Fault.DropAnswer());
  }

  @Override
  public void loseNextRequest() {
    api.faults().inject(1, CHANGES, new Faults.Fault.DropRequest());
  }

  @Override
  public void makeUnavailable() {
    api.faults().inject(call -> true, new Faults.Fault.DropRequest());
    api.faults().closeWatches();
  }

  @Override
  public void heal() {
    api.faults().clear();
  }

  @Override
  public void dropConnections() {
    api.faults().closeWatches();
  }

  @Override
  public void restart() {
    follower.close();
    follower = new ReplicaUnderTest(api, "follower", LEASE, spec);
  }

  @Override
  public void close() {
    follower.close();
    holder.close();
    try {
      api.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
