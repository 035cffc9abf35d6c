package io.kubekv.e2e.alerts;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A store that something happens to: its API behind a proxy, and one kubekv. */
final class Subject implements AutoCloseable {
  private static final Duration BACK = Duration.ofSeconds(60);

  final String name;
  final Places.Place place;
  final ApiProxy proxy;
  final StoreProcess kubekv;

  private Subject(String name, Places.Place place, ApiProxy proxy, StoreProcess kubekv) {
    this.name = name;
    this.place = place;
    this.proxy = proxy;
    this.kubekv = kubekv;
  }

  /** Starts it. Blocks until it serves. */
  static Subject start(String name, Places.Place place, Path folder, String... flags)
      throws IOException {
    Upstream upstream = Upstream.of(ApiAddress.of(place.kubeconfig()));
    ApiProxy proxy = ApiProxy.start(() -> upstream);
    Path config = proxy.writeKubeconfig(folder.resolve(name + ".kubeconfig"));
    return new Subject(name, place, proxy, StoreProcess.on(config, place.namespace(), flags));
  }

  /** The store's objects, asked past the proxy. */
  ApiClient api() throws IOException {
    return new ApiClient(ApiAddress.of(place.kubeconfig()));
  }

  /** The path of its objects there, of a type by its plural. */
  String objects(String plural) {
    return "/apis/kubekv.io/v1/namespaces/" + place.namespace() + "/" + plural;
  }

  /** Sets a key by its etcd v2 door. */
  HttpAnswer set(String key, String form) throws IOException {
    return put(kubekv, key, form);
  }

  /** Sets a key of any kubekv. */
  static HttpAnswer put(StoreProcess kubekv, String key, String form) throws IOException {
    try (HttpConnection connection = HttpConnection.open(kubekv.address())) {
      connection.readTimeout(Duration.ofSeconds(20));
      Map<String, String> headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
      return connection.exchange(
          HttpConnection.request("PUT", "/v2/keys/" + key, kubekv.address(), headers, form));
    }
  }

  /** Nothing is wrong with its API any more: waits until changes are made again. */
  void heal() throws IOException {
    proxy.heal();
    long deadline = System.nanoTime() + BACK.toNanos();
    while (set("healed", "value=1").status() >= 300) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name + " does not recover: " + Files.readString(kubekv.folder().resolve("log")));
      }
      Waiting.pause(Duration.ofMillis(50));
    }
  }

  @Override
  public void close() {
    kubekv.close();
    proxy.close();
  }
}
