package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.cli.ServerUnderTest.Ran;
import io.kubekv.cli.terminal.Json;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Imports from live stores; etcd v3 and Consul are played as their API documents say. */
class LiveImportTest {
  private final ServerUnderTest to = new ServerUnderTest();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    to.close();
  }

  /** Answers the JSON of a request's path and body. */
  private interface Answers {
    JsonNode answer(String path, JsonNode body);
  }

  private String play(Answers answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> reply(exchange, answers));
    server.start();
    opened.add(() -> server.stop(0));
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void reply(HttpExchange exchange, Answers answers) {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode answer =
          answers.answer(
              exchange.getRequestURI().toString(),
              Json.MAPPER.readTree(body.isEmpty() ? "{}" : body));
      byte[] bytes = Json.line(answer).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.isNull() ? 404 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<Entry> imported() {
    return Await.read(to.store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE))
        .entries();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String etcdV2(EngineStore store) throws IOException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    WatchHub hub = WatchHub.open(store, Thread.ofVirtual().factory());
    Dialect door = EtcdV2Door.dialect(store, hub);
    HttpListener listener = HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, door, threads);
    opened.add(threads);
    opened.add(store);
    opened.add(hub);
    opened.add(listener);
    return "etcd2://127.0.0.1:" + listener.port();
  }

  private static void put(EngineStore store, PutRequest request) {
    assertThat(Await.change(store.put(request))).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void etcdV2_valuesDirectoriesAndTimesToLive_areMoved() throws IOException {
    EngineStore store = EngineStore.inMemory();
    String address = etcdV2(store);
    put(store, PutRequest.of(Key.of("top"), Bytes.utf8("größe")));
    put(store, PutRequest.directory(Key.of("docker/nodes/empty")));
    put(
        store,
        PutRequest.of(Key.of("docker/nodes/a b"), Bytes.utf8("1"))
            .withTimeToLive(Duration.ofHours(1)));

    Ran ran = to.run("import", address);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(imported())
        .extracting(
            entry -> entry.key().text(), Entry::isDirectory, entry -> entry.value().toText())
        .containsExactly(
            tuple("docker", true, ""),
            tuple("docker/nodes", true, ""),
            tuple("docker/nodes/a b", false, "1"),
            tuple("docker/nodes/empty", true, ""),
            tuple("top", false, "größe"));
    assertThat(imported().get(2).expiry().orElseThrow().timeToLive())
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(to.run("import", address, "-o", "json").json().get("there").asInt()).isEqualTo(5);
  }

  @Test
  void etcdV3_pagesOfOneRevisionAndLeases_areMoved() throws IOException {
    List<String> keys = List.of("/a", "/b", "c\u0001");
    List<String> revisions = new ArrayList<>();
    String address =
        play(
            (path, body) -> {
              if (path.equals("/v3/lease/timetolive")) {
                return Json.object().put("TTL", "90").put("grantedTTL", "120");
              }
              assertThat(path).isEqualTo("/v3/kv/range");
              assertThat(body.get("range_end").asString()).isEqualTo("AA==");
              if (body.has("count_only")) {
                return Json.object().put("count", "3");
              }
              revisions.add(body.get("revision").asString());
              return page(keys, body);
            });

    Ran ran = to.run("import", "etcd3://" + address);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(revisions).containsExactly("0", "42", "42");
    assertThat(imported())
        .extracting(entry -> entry.key().text(), entry -> entry.value().toText())
        .containsExactlyElementsOf(
            keys.stream().map(key -> tuple(key, "value of " + key)).toList());
    assertThat(imported().get(1).expiry().orElseThrow().timeToLive())
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));
  }

  /** One key a page, whatever the limit; the second has a lease. */
  private static JsonNode page(List<String> keys, JsonNode body) {
    String from =
        new String(Base64.getDecoder().decode(body.get("key").asString()), StandardCharsets.UTF_8);
    String key = keys.stream().filter(each -> each.compareTo(from) >= 0).findFirst().orElseThrow();
    ObjectNode pair = Json.object().put("key", base64(key)).put("value", base64("value of " + key));
    if (key.equals("/b")) {
      pair.put("lease", "7587");
    }
    ObjectNode page = Json.object();
    page.putObject("header").put("revision", "42");
    page.putArray("kvs").add(pair);
    if (!key.equals(keys.getLast())) {
      page.put("more", true);
    }
    return page;
  }

  @Test
  void consul_flagsAndTrailingSlashes_areMoved() throws IOException {
    ArrayNode pairs = Json.MAPPER.createArrayNode();
    pairs.addObject().put("Key", "dir/").put("Flags", 0).putNull("Value");
    pairs.addObject().put("Key", "dir/a").put("Flags", 1L << 40).put("Value", "AP8=");
    String address =
        play(
            (path, body) -> {
              assertThat(path).isEqualTo("/v1/kv/?recurse&consistent");
              return pairs;
            });

    assertThat(to.run("import", "consul://" + address).exitCode()).isZero();

    assertThat(imported())
        .extracting(entry -> entry.key().text(), Entry::flags, Entry::value)
        .containsExactly(
            tuple("dir/", 0L, Bytes.EMPTY),
            tuple("dir/a", 1L << 40, Bytes.copyOf(new byte[] {0, (byte) 0xff})));
  }

  @Test
  void consul_withoutKeys_answers404() throws IOException {
    String address = play((path, body) -> Json.MAPPER.nullNode());

    Ran ran = to.run("import", "consul://" + address, "-o", "json");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.json().get("written").asInt()).isZero();
  }

  @Test
  void liveStore_thatIsNotThere_is3() {
    for (String scheme : List.of("etcd2", "etcd3", "consul")) {
      Ran ran = to.run("import", scheme + "://127.0.0.1:1");
      assertThat(ran.exitCode()).isEqualTo(3);
      assertThat(ran.err()).contains("http://127.0.0.1:1/");
    }
  }
}
