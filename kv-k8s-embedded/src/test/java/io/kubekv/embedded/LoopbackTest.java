package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Within the process, requests are answered as over HTTP. */
class LoopbackTest {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
  private static final byte[] NONE = new byte[0];

  private EmbeddedApiServer server;
  private ApiUnderTest overHttp;

  /** What has come of one request. */
  private static final class Heard implements Loopback.Receiver {
    final CompletableFuture<Integer> status = new CompletableFuture<>();
    final BlockingQueue<String> parts = new LinkedBlockingQueue<>();
    final CompletableFuture<String> last = new CompletableFuture<>();
    final AtomicBoolean full = new AtomicBoolean();
    volatile Map<String, List<String>> headers = Map.of();

    @Override
    public void head(int code, Map<String, List<String>> answered) {
      headers = answered;
      status.complete(code);
    }

    @Override
    public void data(byte[] part) {
      parts.add(new String(part, StandardCharsets.UTF_8));
    }

    @Override
    public void end() {
      last.complete("end");
    }

    @Override
    public void cut() {
      last.complete("cut");
    }

    @Override
    public boolean full() {
      return full.get();
    }

    String part() throws InterruptedException {
      return String.valueOf(parts.poll(10, TimeUnit.SECONDS));
    }

    JsonNode body() throws InterruptedException {
      assertThat(last.join()).isEqualTo("end");
      return ObjectJson.MAPPER.readTree(part());
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    overHttp = ApiUnderTest.of(server);
  }

  @AfterEach
  void stop() throws Exception {
    overHttp.close();
  }

  private Heard send(String method, String target, String body) {
    Heard heard = new Heard();
    server.loopback().send(method, target, credentials(), bytes(body), heard);
    return heard;
  }

  private Map<String, String> credentials() {
    return Map.of("authorization", "Bearer " + server.token());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String lease(String name, String revision) {
    return "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%s\"},\"spec\":{}}"
        .formatted(name, revision);
  }

  private static String held(String name, String revision, String holder) {
    return lease(name, revision).replace("{}}", "{\"holderIdentity\":\"%s\"}}".formatted(holder));
  }

  @Test
  void send_withoutTheToken_isRefusedAsOverHttp() throws Exception {
    Heard heard = new Heard();

    server.loopback().send("GET", LEASES, Map.of(), NONE, heard);

    assertThat(heard.status.join()).isEqualTo(401);
    assertThat(heard.body()).isEqualTo(overHttp.anonymous(LEASES).body());
  }

  @Test
  void answers_ofReadsAndRefusals_areThoseOfHttp() throws Exception {
    send("POST", LEASES, lease("a", "")).body();
    List<String> targets =
        List.of(
            LEASES + "/a",
            LEASES,
            LEASES + "?limit=1&labelSelector=x%21%3Dy",
            LEASES + "/missing",
            "/nowhere",
            "/version",
            LEASES + "?resourceVersion=nonsense");

    for (String target : targets) {
      Heard heard = send("GET", target, "");
      ApiUnderTest.Reply reply = overHttp.get(target);

      assertThat(heard.status.join()).as(target).isEqualTo(reply.code());
      assertThat(heard.body()).as(target).isEqualTo(reply.body());
    }
  }

  @Test
  void changes_seeEachOtherAndThoseOverHttp() throws Exception {
    String created =
        send("POST", LEASES, lease("a", "")).body().at("/metadata/resourceVersion").asString();
    String changed = overHttp.put(LEASES + "/a", held("a", created, "other")).resourceVersion();
    Heard stale = send("PUT", LEASES + "/a", held("a", created, "late"));
    Heard fresh = send("PUT", LEASES + "/a", held("a", changed, "next"));

    assertThat(stale.status.join()).isEqualTo(409);
    assertThat(fresh.status.join()).isEqualTo(200);
    assertThat(send("DELETE", LEASES + "/a", "").status.join()).isEqualTo(200);
    assertThat(overHttp.get(LEASES + "/a").code()).isEqualTo(404);
  }

  @Test
  void watch_showsEachChangeOnceInOrder_untilTheClientHangsUp() throws Exception {
    Heard watch = new Heard();
    Loopback.Sent sent =
        server
            .loopback()
            .send(
                "GET",
                LEASES + "?watch=true&resourceVersion=" + server.resourceVersion(),
                credentials(),
                NONE,
                watch);
    assertThat(watch.status.join()).isEqualTo(200);

    send("POST", LEASES, lease("a", "")).body();
    overHttp.post(LEASES, lease("b", ""));
    send("DELETE", LEASES + "/a", "").body();

    assertThat(watch.part()).startsWith("{\"type\":\"ADDED\"").contains("\"a\"").endsWith("}\n");
    assertThat(watch.part()).startsWith("{\"type\":\"ADDED\"").contains("\"b\"");
    assertThat(watch.part()).startsWith("{\"type\":\"DELETED\"").contains("\"a\"");
    sent.hangUp();
    send("POST", LEASES, lease("c", "")).body();
    assertThat(watch.parts).isEmpty();
  }

  @Test
  void watch_ofAFullReceiver_waitsUntilItHasDrained() throws Exception {
    Heard watch = new Heard();
    watch.full.set(true);
    Loopback.Sent sent =
        server
            .loopback()
            .send("GET", LEASES + "?watch=true&resourceVersion=1", credentials(), NONE, watch);
    watch.status.join();
    send("POST", LEASES, lease("a", "")).body();
    assertThat(watch.parts).isEmpty();

    watch.full.set(false);
    sent.drained();

    assertThat(watch.part()).contains("\"a\"");
  }

  @Test
  void tooManyRequests_strikesHereToo() throws Exception {
    server.faults().inject(1, Faults.Call::write, new Faults.Fault.TooManyRequests(7));

    Heard refused = send("POST", LEASES, lease("a", ""));

    assertThat(refused.status.join()).isEqualTo(429);
    assertThat(refused.headers).containsEntry("Retry-After", List.of("7"));
    assertThat(refused.body().at("/details/retryAfterSeconds").asInt()).isEqualTo(7);
  }

  @Test
  void droppedAnswer_isACutAfterTheChange() {
    server.faults().inject(1, Faults.Call::write, new Faults.Fault.DropAnswer());

    Heard cut = send("POST", LEASES, lease("a", ""));

    assertThat(cut.last.join()).isEqualTo("cut");
    assertThat(overHttp.get(LEASES + "/a").code()).isEqualTo(200);
  }

  @Test
  void closedWatches_endInAnOrderlyWay() {
    Heard watch = send("GET", LEASES + "?watch=true", "");
    watch.status.join();

    server.faults().closeWatches();

    assertThat(watch.last.join()).isEqualTo("end");
  }

  @Test
  void change_afterTheServerHasClosed_isRefused() throws Exception {
    server.close();

    Heard refused = onVirtualThread(() -> send("POST", LEASES, lease("a", "")));

    Awaitility.await().until(refused.status::isDone);
    assertThat(refused.status.join()).isEqualTo(500);
  }

  private static <T> T onVirtualThread(java.util.function.Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> result.complete(work.get()));
    return result.join();
  }
}
