package io.kubekv.benchmarks;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.RealApi;
import io.kubekv.e2e.api.Upstream;
import io.kubekv.e2e.process.ServerGauges;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A new control plane, and the proxy through which kubekv knows it. */
final class CostScene implements AutoCloseable {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final int CLIENTS = 4;
  private static final String HEAP = "# HeapAlloc = ";

  final RealApi api;
  final ApiProxy proxy;
  private final Upstream administrator;
  private final Path kubeconfig;

  private CostScene(RealApi api, ApiProxy proxy, Upstream administrator, Path kubeconfig) {
    this.api = api;
    this.proxy = proxy;
    this.administrator = administrator;
    this.kubeconfig = kubeconfig;
  }

  static CostScene open() throws IOException {
    RealApi api = RealApi.open();
    Upstream upstream = Upstream.of(api.address());
    ApiProxy proxy = ApiProxy.start(() -> upstream);
    Path config = proxy.writeKubeconfig(Files.createTempFile("kubekv-benchmark", ".kubeconfig"));
    Path folder = Path.of(System.getenv("E2E_KUBE_FOLDER"));
    Upstream administrator = Upstream.of(ApiAddress.of(folder.resolve("token.kubeconfig")));
    return new CostScene(api, proxy, administrator, config);
  }

  /** One more replica of the store. */
  StoreProcess replica(String... flags) throws IOException {
    return StoreProcess.on(kubeconfig, api.namespace(), flags);
  }

  CostReading reading() throws IOException {
    return CostReading.now(proxy.counts());
  }

  /** What is counted while something is done, and until etcd has written it down. */
  CostReading during(Action action) throws IOException {
    CostReading before = reading();
    action.run();
    Waiting.pause(Duration.ofSeconds(1));
    return reading().since(before);
  }

  /** The live objects of kube-apiserver. */
  double apiHeap() throws IOException {
    double bytes = 0;
    for (int collection = 0; collection < 3; collection++) {
      bytes = collectedApiHeap();
    }
    return bytes;
  }

  private double collectedApiHeap() throws IOException {
    String profile = asked("/debug/pprof/heap?gc=1&debug=1");
    return profile
        .lines()
        .filter(line -> line.startsWith(HEAP))
        .mapToDouble(line -> Double.parseDouble(line.substring(HEAP.length())))
        .findFirst()
        .orElseThrow(() -> new IOException("kube-apiserver shows no heap: " + profile));
  }

  /** Asks for a key: kube-apiserver fills the cache of a custom resource when somebody wants it. */
  void touchKeys() throws IOException {
    asked("/apis/kubekv.io/v1/keyvalues?limit=1");
  }

  private String asked(String target) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(administrator.base() + target))
            .header("Authorization", "Bearer " + administrator.token())
            .build();
    try {
      return administrator.client().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Puts values by the etcd v2 API, by a few clients; blocks. */
  static void put(StoreProcess store, int count, IntFunction<String> keys, int valueBytes)
      throws IOException {
    InetSocketAddress door = store.address();
    all(door, count, number -> put(door, keys.apply(number), number, valueBytes));
  }

  /** Puts values for a time; how many. */
  static int putFor(Duration time, StoreProcess store, IntFunction<String> keys, int valueBytes)
      throws IOException {
    InetSocketAddress door = store.address();
    long end = System.nanoTime() + time.toNanos();
    AtomicInteger next = new AtomicInteger();
    ClosedLoop.run(
        door,
        CLIENTS,
        client ->
            () -> {
              if (System.nanoTime() >= end) {
                return Optional.empty();
              }
              int number = next.getAndIncrement();
              return Optional.of(put(door, keys.apply(number), number, valueBytes));
            });
    return next.get();
  }

  private static byte[] put(InetSocketAddress door, String key, int number, int valueBytes) {
    String body = "value=" + Unpackable.value(number, valueBytes);
    return HttpConnection.request("PUT", "/v2/keys/" + key, door, FORM, body);
  }

  /** Blocks until the view shows all that was changed: what it still writes belongs to before. */
  static void settle(StoreProcess store) throws IOException {
    ServerGauges gauges = new ServerGauges(store);
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    do {
      if (System.nanoTime() > deadline) {
        throw new IOException("the view does not show what was changed three minutes ago");
      }
      Waiting.pause(Duration.ofSeconds(1));
    } while (gauges.value("kubekv_view_lag_seconds") > 0);
  }

  static void delete(StoreProcess store, int count, IntFunction<String> keys) throws IOException {
    InetSocketAddress door = store.address();
    all(
        door,
        count,
        number ->
            HttpConnection.request("DELETE", "/v2/keys/" + keys.apply(number), door, Map.of(), ""));
  }

  private static void all(InetSocketAddress door, int count, IntFunction<byte[]> requests)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    ClosedLoop.Result result =
        ClosedLoop.run(
            door,
            CLIENTS,
            client ->
                () -> {
                  int number = next.getAndIncrement();
                  return number < count ? Optional.of(requests.apply(number)) : Optional.empty();
                });
    Check.say("  (%d requests, %.0f a second)", count, result.perSecond());
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    api.close();
    Files.deleteIfExists(kubeconfig);
  }

  /** What is done while it is counted. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }
}
