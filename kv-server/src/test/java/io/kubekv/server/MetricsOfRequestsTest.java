package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.client.RemoteStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server's metrics say after requests at each door. */
class MetricsOfRequestsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;

  private static KvServer server;

  @BeforeAll
  static void start() {
    server = KvServer.start(ConfigUnderTest.embedded(folder).config());
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.shutdownNow();
  }

  private static String send(String method, String url) throws Exception {
    return begin(method, url).get();
  }

  private static CompletableFuture<String> begin(String method, String url) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(answer -> answer.body());
  }

  private static double metric(String series) throws Exception {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(send("GET", server.opsUrl().orElseThrow() + "/metrics"));
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  private static void await(String series, double atLeast) throws Exception {
    while (!(metric(series) >= atLeast)) {
      Thread.onSpinWait();
    }
  }

  private static String keys(String path) {
    return server.etcdUrl() + "/v2/keys/" + path;
  }

  @Test
  @Timeout(30)
  void etcd_countsByVerb_andErrorsByWhoseTheyAre() throws Exception {
    send("PUT", keys("counted?value=1"));
    send("GET", keys("counted"));
    send("GET", keys("missing"));

    await("kubekv_request_seconds_count{door=\"etcd\",verb=\"put\"}", 1);
    await("kubekv_request_seconds_count{door=\"etcd\",verb=\"get\"}", 2);
    assertThat(
            metric("kubekv_request_errors_total{door=\"etcd\",outcome=\"refused\",verb=\"get\"}"))
        .isEqualTo(1);
    assertThat(metric("kubekv_request_errors_total{door=\"etcd\",outcome=\"failed\",verb=\"get\"}"))
        .isZero();
    // the objects follow the store
    await("kubekv_api_seconds_count{code=\"ok\",resource=\"keyvalues\",verb=\"create\"}", 1);
  }

  @Test
  @Timeout(30)
  void watch_isCountedApart_andItsFanOut() throws Exception {
    CompletableFuture<String> waiting = begin("GET", keys("awaited?wait=true"));
    await("kubekv_watchers", 1);

    send("PUT", keys("awaited?value=1"));

    assertThat(waiting.get()).contains("\"value\":\"1\"");
    await("kubekv_request_seconds_count{door=\"etcd\",verb=\"watch\"}", 1);
    await("kubekv_watch_deliveries_total", 1);
    await("kubekv_watch_events_total", 1);
  }

  @Test
  @Timeout(30)
  void consulAndGrpc_haveTheirOwn() throws Exception {
    send("PUT", server.consulUrl().orElseThrow() + "/v1/kv/c");
    try (KeyValueStore store =
        RemoteStore.over(
            NettyChannelBuilder.forTarget(server.grpcTarget().orElseThrow()).usePlaintext().build(),
            Duration.ofSeconds(10))) {
      Await.read(store.get(Key.of("c"), Freshness.LINEARIZABLE));
    }

    await("kubekv_request_seconds_count{door=\"consul\",verb=\"put\"}", 1);
    await("kubekv_request_seconds_count{door=\"grpc\",verb=\"KeyValue/Get\"}", 1);
  }

  @Test
  @Timeout(30)
  void leaseAndIndex_ofAHolder() throws Exception {
    assertThat(metric("kubekv_lease_left_seconds")).isBetween(0.1, 6.0);
    assertThat(metric("kubekv_index_lag_revisions")).isZero();
    assertThat(metric("kubekv_index_lists_total")).isEqualTo(1);
    assertThat(metric("kubekv_log_harmed")).isZero();
    assertThat(metric("kubekv_unknown_outcomes_total")).isZero();
  }

  @Test
  @Timeout(30)
  void expiry_saysHowLateItWasShown() throws Exception {
    send("PUT", keys("mortal?value=1&ttl=1"));

    await("kubekv_expiry_lateness_seconds_count", 1);

    assertThat(metric("kubekv_expiry_lateness_seconds_sum")).isPositive();
  }
}
