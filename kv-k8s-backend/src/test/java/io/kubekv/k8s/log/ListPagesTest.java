package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.HttpObjectApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring that is listed page by page, from a server that answers as an API server does. */
class ListPagesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("[?&]continue=from(\\d+)");
  private static final int SLOTS = 600;
  private static final int SMALL = 100;
  private static final int LARGE_BYTES = 50_000;

  private final HttpServer server;
  private final List<Integer> pageBytes = new CopyOnWriteArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger refusedFirst = new AtomicInteger();
  private volatile boolean away;
  private volatile boolean forgets;
  private KubernetesClient client;

  ListPagesTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private static int number(Pattern pattern, String query) {
    Matcher found = pattern.matcher(query);
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = "?" + exchange.getRequestURI().getRawQuery();
    int from = number(CONTINUE, query);
    boolean gone = forgets && from > 0;
    if (away) {
      refusedFirst.incrementAndGet();
    }
    if (away || from > 0 && failures.getAndDecrement() > 0) {
      exchange.sendResponseHeaders(500, -1);
      exchange.close();
      return;
    }
    String text = gone ? expired(from) : page(from, number(LIMIT, query));
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    pageBytes.add(body.length);
    exchange.sendResponseHeaders(gone ? 410 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String page(int from, int limit) {
    int end = Math.min(from + limit, SLOTS);
    return "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(
            end < SLOTS ? "from" + end : "",
            IntStream.range(from, end)
                .mapToObj(ListPagesTest::slot)
                .collect(Collectors.joining(",")));
  }

  private static String slot(int index) {
    String entry = index < SMALL ? "" : "x".repeat(LARGE_BYTES);
    return "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"entry\":\"%s\"}}"
        .formatted(Ring.name(index), entry);
  }

  /** What an API server says whose storage has forgotten the version; the token is of another. */
  private static String expired(int from) {
    return "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,"
        + "\"metadata\":{\"continue\":\"from%d\"},\"message\":\"The provided continue"
            .formatted(from)
        + " parameter is too old\"}";
  }

  private CompletableFuture<String> list() {
    return new HttpObjectApi(client, "default", PATIENCE)
        .list(LogKinds.SLOT, true, object -> names.add(object.name()));
  }

  @Test
  void everyObjectComesOnce_asOfTheVersionOfAll() {
    assertThat(list()).succeedsWithin(PATIENCE).isEqualTo("7");

    assertThat(names)
        .containsExactlyElementsOf(IntStream.range(0, SLOTS).mapToObj(Ring::name).toList());
  }

  @Test
  void pageThatFailsInPassing_isAskedForAgain() {
    failures.set(2);

    assertThat(list()).succeedsWithin(PATIENCE).isEqualTo("7");

    assertThat(names)
        .containsExactlyElementsOf(IntStream.range(0, SLOTS).mapToObj(Ring::name).toList());
  }

  @Test
  void firstPage_isAskedForOnce_forItsCallerPausesBetweenLists() {
    away = true;

    assertThat(list()).failsWithin(PATIENCE);

    assertThat(refusedFirst).hasValue(1);
  }

  @Test
  void pageThatGoesOnFailing_failsTheList() {
    failures.set(3);

    CompletableFuture<String> listed = list();

    assertThat(listed).failsWithin(PATIENCE);
    assertThat(listed.handle((version, failed) -> HttpObjectApi.failureOf(failed)).join())
        .isInstanceOf(ApiFailure.ServerError.class);
  }

  /** Small entries say nothing of how large those are that stand after them. */
  @Test
  void largeObjectsAfterSmallOnes_comeInPagesOfSomeMegabytes() {
    assertThat(list()).succeedsWithin(PATIENCE);

    assertThat(pageBytes).allMatch(bytes -> bytes < 9 << 20);
  }

  @Test
  void versionThatIsForgottenMeanwhile_failsTheList_whichGoesOnAtNoOther() {
    forgets = true;

    CompletableFuture<String> listed = list();

    assertThat(listed).failsWithin(PATIENCE);
    assertThat(listed.handle((version, failed) -> HttpObjectApi.failureOf(failed)).join())
        .isInstanceOf(ApiFailure.Gone.class);
    assertThat(pageBytes).hasSize(2);
  }
}
