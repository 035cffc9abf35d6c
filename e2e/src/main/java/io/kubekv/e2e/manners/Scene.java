package io.kubekv.e2e.manners;

import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiCounts;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.ApiServer;
import io.kubekv.e2e.api.EmbeddedApi;
import io.kubekv.e2e.api.RealApi;
import io.kubekv.e2e.api.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** An API server, the proxy in front of it, and a kubekv that knows it by the proxy only. */
final class Scene implements AutoCloseable {
  /** Calls about entries of the log: what who writes waits for. */
  static final Predicate<ApiCall> ENTRIES = call -> call.resource().equals("storelogs");

  /** Calls about snapshots of the store and copies of entries, made in the background. */
  static final Predicate<ApiCall> SNAPSHOTS =
      call -> Set.of("storechunks", "storemanifests").contains(call.resource());

  /** Calls about the objects of the view, made in the background. */
  static final Predicate<ApiCall> SHOWN = call -> call.resource().equals("keyvalues");

  /** Calls about kubekv's objects; the others are about its Lease and its types. */
  static final Predicate<ApiCall> OBJECTS =
      ENTRIES.or(SNAPSHOTS).or(SHOWN).or(call -> call.resource().equals("stores"));

  static final Predicate<ApiCall> CHANGES = OBJECTS.and(ApiCall::changes);

  private static final Duration LOOK = Duration.ofMillis(20);

  /** The view writes at most 60 objects a second, and what the Store object says once a second. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  final ApiServer api;
  final ApiProxy proxy;
  final StoreProcess kubekv;
  final InetSocketAddress consul;

  private final AtomicReference<Upstream> upstream;
  private final Path kubeconfig;

  private Scene(
      ApiServer api,
      AtomicReference<Upstream> upstream,
      ApiProxy proxy,
      StoreProcess kubekv,
      InetSocketAddress consul,
      Path config) {
    this.api = api;
    this.upstream = upstream;
    this.proxy = proxy;
    this.kubekv = kubekv;
    this.consul = consul;
    this.kubeconfig = config;
  }

  /** On a real API server when the check was told so. Blocks until kubekv serves. */
  static Scene open() throws IOException {
    ApiServer api = ClusterStore.isWanted() ? RealApi.open() : EmbeddedApi.open();
    AtomicReference<Upstream> upstream = new AtomicReference<>(Upstream.of(api.address()));
    ApiProxy proxy = ApiProxy.start(upstream::get);
    Path config = proxy.writeKubeconfig(Files.createTempFile("kubekv-e2e", ".kubeconfig"));
    InetSocketAddress consul = FreePorts.next();
    StoreProcess kubekv =
        StoreProcess.on(
            config, api.namespace(), "--consul-listen", StoreProcess.hostAndPort(consul));
    return new Scene(api, upstream, proxy, kubekv, consul, config);
  }

  /** The API server is elsewhere now, or lets another token in. */
  void follow() throws IOException {
    upstream.set(Upstream.of(api.address()));
  }

  Client etcd() throws IOException {
    return Client.of(kubekv.address());
  }

  Client consul() throws IOException {
    return Client.of(consul);
  }

  /** What the API is asked while something is done. */
  ApiCounts.Reading during(Action action) throws IOException {
    ApiCounts.Reading before = proxy.counts().read();
    action.run();
    return proxy.counts().read().since(before);
  }

  /** Blocks until nothing was changed for a while: the view shows everything. */
  void awaitQuiet() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (during(() -> Waiting.pause(QUIET)).calls(CHANGES) > 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException("kubekv changes objects all the time, though nobody writes");
      }
    }
  }

  /** The time until a write is acknowledged; empty-handed after the patience. */
  Duration untilWritten(String key, Duration patience) throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < patience.toNanos()) {
      try (Client client = etcd()) {
        HttpAnswer answer = client.set(key, "written");
        if (answer.status() < 300) {
          break;
        }
      }
      Waiting.pause(LOOK);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public void close() throws IOException {
    kubekv.close();
    proxy.close();
    api.close();
    Files.deleteIfExists(kubeconfig);
  }

  /** What is done while the calls are counted. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }
}
