package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.ApiServer;
import io.kubekv.e2e.api.EmbeddedApi;
import io.kubekv.e2e.api.RealApi;
import io.kubekv.e2e.api.Upstream;
import io.kubekv.e2e.process.ServerGauges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run watchers --replicas N}: waiting watches of one key spread over the replicas
 * of one store, each replica's held by a process of its own. A proxy before the API server counts
 * the watches that the replicas have there.
 */
final class ReplicaWatchers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiServer api;
  private final ApiProxy proxy;
  private final Path kubeconfig;
  private final List<StoreProcess> replicas = new ArrayList<>();
  private final List<HolderProcess> holders = new ArrayList<>();

  private ReplicaWatchers(ApiServer api, ApiProxy proxy, Path kubeconfig) {
    this.api = api;
    this.proxy = proxy;
    this.kubeconfig = kubeconfig;
  }

  /** Takes {@code --quick} and {@code --watchers} (in all) from the arguments. */
  static Check.Verdict measure(Arguments arguments, int replicas) throws IOException {
    boolean quick = arguments.flag("--quick");
    int watchers = arguments.count("--watchers", 15_000);
    arguments.end();
    ApiServer api = ClusterStore.isWanted() ? RealApi.open() : EmbeddedApi.open();
    Upstream upstream = Upstream.of(api.address());
    ApiProxy proxy = ApiProxy.start(() -> upstream);
    Path config = proxy.writeKubeconfig(Files.createTempFile("kubekv-benchmark", ".kubeconfig"));
    try (ReplicaWatchers set = new ReplicaWatchers(api, proxy, config)) {
      set.start(replicas);
      return set.measure(watchers / replicas, quick ? 1 : replicas);
    }
  }

  private void start(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      StoreProcess replica = StoreProcess.on(kubeconfig, api.namespace());
      replicas.add(replica);
      holders.add(HolderProcess.against(replica.address(), Watching.ETCD));
    }
  }

  /**
   * @param times each time the change is made at another replica
   */
  private Check.Verdict measure(int each, int times) throws IOException {
    // so that no class is loaded while the time is taken
    open(each / 10);
    change(0);
    double slowest = 0;
    long missed = 0;
    boolean oneStreamEach = true;
    for (int time = 0; time < times; time++) {
      long begun = System.nanoTime();
      open(each);
      double opening = seconds(begun);
      int upstream = proxy.counts().openWatches();
      oneStreamEach &= upstream == replicas.size();
      Heard heard = change(time);
      Check.say(
          "%d watchers of %d replicas opened in %.1f s; watches at the API in all: %d; change made"
              + " at replica %d, the last heard it after %.3f s; missed: %d",
          each * replicas.size(),
          replicas.size(),
          opening,
          upstream,
          time + 1,
          heard.seconds,
          heard.missed);
      slowest = Math.max(slowest, heard.seconds);
      missed += heard.missed;
    }
    String figure =
        String.format(
            Locale.ROOT,
            "%d watchers of %d replicas, %d upstream watches, %d events missed, the last heard"
                + " after %.2f s",
            each * replicas.size(),
            replicas.size(),
            proxy.counts().openWatches(),
            missed,
            slowest);
    String bar = replicas.size() + " upstream watches, 0 missed";
    return new Check.Verdict(figure, bar, oneStreamEach && missed == 0);
  }

  /** Blocks until every replica has that many watchers. */
  private void open(int each) throws IOException {
    for (HolderProcess holder : holders) {
      holder.send("open " + each);
    }
    for (HolderProcess holder : holders) {
      holder.answer();
    }
    for (StoreProcess replica : replicas) {
      awaitWatchers(new ServerGauges(replica), each);
    }
  }

  private static void awaitWatchers(ServerGauges gauges, int count) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (gauges.value("kubekv_watchers") != count) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a replica has " + gauges.value("kubekv_watchers") + " watchers");
      }
      Waiting.pause(Duration.ofMillis(10));
    }
  }

  /**
   * @param seconds from the sending of the change until the last had its event, and had told so
   */
  private record Heard(double seconds, long missed) {}

  /** Changes the key at one of them; all watches are closed afterwards. */
  private Heard change(int at) throws IOException {
    for (HolderProcess holder : holders) {
      if (holder != holders.get(at)) {
        holder.send("await");
      }
    }
    long sent = System.nanoTime();
    holders.get(at).send("change");
    long missed = 0;
    for (HolderProcess holder : holders) {
      missed += Long.parseLong(holder.answer().split(" ")[1]);
    }
    double heard = seconds(sent);
    for (StoreProcess replica : replicas) {
      awaitWatchers(new ServerGauges(replica), 0);
    }
    return new Heard(heard, missed);
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  @Override
  public void close() throws IOException {
    holders.forEach(HolderProcess::close);
    replicas.forEach(StoreProcess::close);
    proxy.close();
    api.close();
    Files.deleteIfExists(kubeconfig);
  }
}
