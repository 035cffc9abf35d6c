package io.kubekv.benchmarks;

import io.kubekv.benchmarks.load.DockerHosts;
import io.kubekv.cost.CostModel;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Workload;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Docker engines on several stores, each in a namespace of its own, beside what the model says of
 * so many: SCALE.md says it of more than fit on a machine.
 */
final class CostHosts {
  /** A heartbeat each 20 s, and four changes for an endpoint a minute. */
  private static final double PUTS = 1 / 20.0 + 4 / 60.0;

  /** An endpoint a minute. */
  private static final double CREATES = 1 / 60.0;

  /** On average: heartbeats of 16 bytes, counters of one, addresses and endpoints of 500. */
  private static final int VALUE = 195;

  private static final int KEY = 80;

  /** Keys and directories that all engines of a store share. */
  private static final int SHARED = 18;

  private final int stores;
  private final int hosts;
  private final Duration time;
  private final CostReading unused;
  private final Consumer<CostCheck> checks;

  /**
   * @param hosts of each store
   * @param time whole minutes: each engine makes an endpoint a minute
   * @param unused what the control plane does alone
   */
  CostHosts(int stores, int hosts, Duration time, CostReading unused, Consumer<CostCheck> checks) {
    this.stores = stores;
    this.hosts = hosts;
    this.time = time;
    this.unused = unused;
    this.checks = checks;
  }

  /** A store in a namespace of its own, and the proxy that counts what it asks. */
  private record Space(String namespace, StoreProcess store, ApiProxy proxy, Path kubeconfig)
      implements AutoCloseable {
    static Space open() throws IOException {
      ClusterStore own = ClusterStore.create();
      Upstream upstream = Upstream.of(ApiAddress.of(own.kubeconfig()));
      ApiProxy proxy = ApiProxy.start(() -> upstream);
      Path config = proxy.writeKubeconfig(Files.createTempFile("kubekv-hosts", ".kubeconfig"));
      try {
        StoreProcess store = StoreProcess.on(config, own.namespace());
        return new Space(own.namespace(), store, proxy, config);
      } catch (IOException | RuntimeException failed) {
        proxy.close();
        Files.deleteIfExists(config);
        throw failed;
      }
    }

    @Override
    public void close() throws IOException {
      try (proxy) {
        store.close();
      }
      Files.deleteIfExists(kubeconfig);
    }
  }

  void measure() throws IOException {
    List<Space> spaces = new ArrayList<>();
    try {
      for (int i = 0; i < stores; i++) {
        spaces.add(Space.open());
      }
      measure(spaces);
    } finally {
      close(spaces);
    }
  }

  /** All of them; the first failure is told when the last is closed. */
  private static void close(List<Space> spaces) throws IOException {
    try {
      if (!spaces.isEmpty()) {
        spaces.getFirst().close();
      }
    } finally {
      if (spaces.size() > 1) {
        close(spaces.subList(1, spaces.size()));
      }
    }
  }

  private void measure(List<Space> spaces) throws IOException {
    List<DockerHosts> engines = new ArrayList<>();
    for (Space space : spaces) {
      DockerHosts own = new DockerHosts(space.store().address(), hosts, engines.size() + 1);
      own.prepare();
      engines.add(own);
    }
    for (Space space : spaces) {
      CostScene.settle(space.store());
    }
    List<CostReading> before = readings(spaces);
    run(engines);
    List<CostReading> seen = new ArrayList<>();
    List<CostReading> after = readings(spaces);
    for (int i = 0; i < spaces.size(); i++) {
      seen.add(after.get(i).since(before.get(i)));
    }
    Prediction one = CostModel.predict(workload(spaces.getFirst()));
    String name = stores + " stores, " + hosts + " hosts each";
    for (String figure : List.of("api.entries", "api.view", "watch.bytes.total", "api.bytes")) {
      double measured = seen.stream().mapToDouble(reading -> reading.of(figure)).sum();
      add(name, figure, one, seen.getFirst().seconds(), measured);
    }
    // etcd is one for all
    CostReading etcd = seen.getFirst().without(unused);
    add(name, "etcd.wal", one, etcd.seconds(), etcd.of("etcd.wal"));
  }

  private void add(String name, String figure, Prediction one, double seconds, double measured) {
    checks.accept(new CostCheck(name, figure, one.value(figure) * seconds * stores, measured));
  }

  private static List<CostReading> readings(List<Space> spaces) throws IOException {
    List<CostReading> readings = new ArrayList<>();
    for (Space space : spaces) {
      readings.add(CostReading.now(space.proxy().counts()));
    }
    return readings;
  }

  /** All engines at once. Blocks for the time. */
  private void run(List<DockerHosts> engines) throws IOException {
    List<CompletableFuture<DockerHosts.Outcome>> running =
        engines.stream().map(this::startOne).toList();
    try {
      long requests =
          running.stream().mapToLong(own -> own.join().requests().getTotalCount()).sum();
      Check.say("  (%d requests, %.0f a second)", requests, requests / (double) time.toSeconds());
    } catch (CompletionException failed) {
      throw new IOException("an engine failed: " + failed.getCause(), failed);
    }
  }

  private CompletableFuture<DockerHosts.Outcome> startOne(DockerHosts own) {
    return CompletableFuture.supplyAsync(() -> outcome(own), Thread::startVirtualThread);
  }

  private DockerHosts.Outcome outcome(DockerHosts engines) {
    try {
      return engines.run(time);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Workload workload(Space space) {
    Workload.Service one = Workload.Service.defaults(2L * hosts);
    return new Workload(
        new Workload.Changes(PUTS * hosts, CREATES * hosts, 0, CREATES * hosts),
        new Workload.Contents(hosts + SHARED, KEY, VALUE, false, space.namespace().length()),
        one);
  }
}
