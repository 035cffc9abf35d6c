package io.kubekv.k8s.log;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.Faults;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.EmbeddedClient;
import java.time.Duration;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** The engine over a log on an embedded API server of its own; faults happen in the server. */
public final class EngineHarness implements StoreHarness {
  private static final Duration LATE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration HOLDING = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Few, so that tests go round them. */
  static final int SLOTS = 64;

  private final LogOnServer server;
  private final StoreSpec spec;
  private final Consumer<Faults> goWrong;
  private KeyValueStore store;

  /**
   * @param goWrong tells the server what goes wrong, from the beginning and after each {@link
   *     #heal}
   */
  EngineHarness(StoreSpec spec, Consumer<Faults> goWrong) {
    this(spec, goWrong, EmbeddedClient::of);
  }

  private EngineHarness(StoreSpec spec, Consumer<Faults> goWrong, LogOnServer.Clients clients) {
    this.server = new LogOnServer(SLOTS, clients);
    this.spec = spec;
    this.goWrong = goWrong;
    goWrong.accept(server.faults());
    store = open();
    awaitReady(store);
  }

  /** Whose clients reach the server in another way. */
  public static EngineHarness with(StoreSpec spec, LogOnServer.Clients clients) {
    return new EngineHarness(spec, faults -> {}, clients);
  }

  static void awaitReady(KeyValueStore store) {
    Awaitility.await().atMost(SOON).until(() -> store.status().ready());
  }

  private KeyValueStore open() {
    return open(server, settings(spec));
  }

  /** How a store behaves that a test of the contract asks for. */
  static EngineSettings settings(StoreSpec spec) {
    return EngineSettings.DEFAULT
        .withLimits(spec.limits())
        .withHistoryBytes(spec.historyBytes())
        .withPatience(PATIENCE)
        .withHolding(HOLDING);
  }

  /** A replica of the store. */
  static EngineStore open(LogOnServer server, EngineSettings settings) {
    KubernetesLog log = server.client();
    return EngineStore.open(log, server.lease(log), settings);
  }

  LogOnServer server() {
    return server;
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return ClockDriver.realTime(LATE);
  }

  @Override
  public void loseNextAnswer() {
    server.loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    server.loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    server.faults().clear();
    server.faults().inject(call -> true, new Faults.Fault.DropRequest());
    server.faults().closeWatches();
  }

  @Override
  public void heal() {
    server.faults().clear();
    goWrong.accept(server.faults());
  }

  @Override
  public void dropConnections() {
    server.faults().closeWatches();
  }

  @Override
  public void restart() {
    store.close();
    store = open();
  }

  @Override
  public void close() {
    store.close();
    server.close();
  }
}
