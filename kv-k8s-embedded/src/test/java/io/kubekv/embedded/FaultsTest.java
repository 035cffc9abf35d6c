package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault does what it says, once told to, and nothing else. */
class FaultsTest {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
  private static final Predicate<Faults.Call> POSTS = call -> call.method().equals("POST");

  private EmbeddedApiServer server;
  private ApiUnderTest api;

  @BeforeEach
  void start() throws Exception {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    api = ApiUnderTest.of(server);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private ApiUnderTest.Reply create(String name) {
    return api.post(LEASES, "{\"metadata\":{\"name\":\"" + name + "\"}}");
  }

  private boolean exists(String name) {
    return api.get(LEASES + "/" + name).code() == 200;
  }

  @Test
  void tooManyRequests_answers429OnceAndChangesNothing() {
    Faults.Injection injection =
        server.faults().inject(1, POSTS, new Faults.Fault.TooManyRequests(7));

    ApiUnderTest.Reply refused = create("a");

    assertThat(refused.code()).isEqualTo(429);
    assertThat(refused.http().headers().firstValue("Retry-After")).contains("7");
    assertThat(refused.body().at("/details/retryAfterSeconds").asInt(0)).isEqualTo(7);
    assertThat(exists("a")).isFalse();
    assertThat(create("a").code()).isEqualTo(201);
    assertThat(injection.hits()).isEqualTo(1);
  }

  @Test
  void errorBeforeCommit_changesNothing_errorAfterCommit_does() {
    server.faults().inject(1, POSTS, new Faults.Fault.ErrorBeforeCommit());
    assertThat(create("a").code()).isEqualTo(500);
    assertThat(exists("a")).isFalse();

    server.faults().inject(1, POSTS, new Faults.Fault.ErrorAfterCommit());
    assertThat(create("b").code()).isEqualTo(500);
    assertThat(exists("b")).isTrue();
  }

  @Test
  void dropRequest_changesNothing_dropAnswer_does() {
    try (Faults.Injection dropped = server.faults().inject(POSTS, new Faults.Fault.DropRequest())) {
      assertThatThrownBy(() -> create("a")).isInstanceOf(IllegalStateException.class);
      assertThat(dropped.hits()).isPositive();
    }
    assertThat(exists("a")).isFalse();

    server.faults().inject(1, POSTS, new Faults.Fault.DropAnswer());
    assertThatThrownBy(() -> create("b")).isInstanceOf(IllegalStateException.class);
    assertThat(exists("b")).isTrue();
  }

  @Test
  void holdRequest_commitsOnlyWhenReleased() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    Faults.Injection held = server.faults().inject(1, POSTS, new Faults.Fault.HoldRequest(gate));
    CompletableFuture<ApiUnderTest.Reply> pending =
        CompletableFuture.supplyAsync(() -> create("a"));
    Awaitility.await().until(() -> held.hits() == 1);

    assertThat(create("b").code()).isEqualTo(201);
    assertThat(exists("a")).isFalse();
    gate.complete(null);

    assertThat(pending.join().code()).isEqualTo(201);
  }

  @Test
  void lateAnswer_comesAfterTheEvent() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    server.faults().inject(1, POSTS, new Faults.Fault.HoldAnswer(gate));
    try (WatchReader watch = api.watch(LEASES + "?watch=true")) {
      CompletableFuture<ApiUnderTest.Reply> pending =
          CompletableFuture.supplyAsync(() -> create("a"));

      assertThat(watch.next(1)).containsExactly("ADDED a");
      assertThat(pending).isNotDone();
      gate.complete(null);
      assertThat(pending.join().code()).isEqualTo(201);
    }
  }

  @Test
  void latency_delaysTheRequest() {
    server.faults().inject(1, POSTS, new Faults.Fault.Latency(Duration.ofMillis(300)));
    long before = System.nanoTime();

    assertThat(create("a").code()).isEqualTo(201);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void closeWatches_endsThem() {
    try (WatchReader watch = api.watch(LEASES + "?watch=true")) {
      create("a");
      assertThat(watch.next(1)).containsExactly("ADDED a");

      server.faults().closeWatches();

      assertThat(WatchReader.type(watch.next())).isEqualTo("END");
    }
  }

  @Test
  void lagWatches_delaysEventsBehindTheAnswer() {
    server.faults().lagWatches(Duration.ofMillis(1_500));
    try (WatchReader watch = api.watch(LEASES + "?watch=true&resourceVersion=2")) {
      create("a");
      long answered = System.nanoTime();

      assertThat(watch.next(1)).containsExactly("ADDED a");
      assertThat(Duration.ofNanos(System.nanoTime() - answered))
          .isGreaterThan(Duration.ofMillis(300));
    }
  }

  @Test
  void compactNow_makesOlderRevisionsExpire() {
    String rv = create("a").resourceVersion();
    create("b");

    server.faults().compactNow();

    ApiUnderTest.Reply list = api.get(LEASES + "?resourceVersionMatch=Exact&resourceVersion=" + rv);
    assertThat(list.code()).isEqualTo(410);
    assertThat(list.reason()).isEqualTo("Expired");
    try (WatchReader watch = api.watch(LEASES + "?watch=true&resourceVersion=" + rv)) {
      assertThat(watch.next().at("/object/code").asInt(0)).isEqualTo(410);
      assertThat(WatchReader.type(watch.next())).isEqualTo("END");
    }
  }
}
