package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that wait, as Consul 1.5.3 was seen to answer. */
final class ConsulBlockingWireTest extends ConsulWire {
  private static final int A_WHILE = 300;

  /** A query that waits for what comes after an index, and has been seen to wait. */
  private RawHttp waiting(String target, long index, String wait) throws IOException {
    RawHttp waiter = door.connect();
    String separator = target.contains("?") ? "&" : "?";
    waiter.request("GET", target + separator + "index=" + index + "&wait=" + wait, "");
    assertThat(waiter.isSilent(A_WHILE)).isTrue();
    return waiter;
  }

  private RawHttp waiting(String target) throws IOException {
    return waiting(target, index(get(target)), "60s");
  }

  private static Duration time(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?index=0&wait=60s", "?wait=60s", "?index=1&wait=60s"})
  void query_withoutAnIndexOrWithALowOne_isAnsweredAtOnce(String query) throws IOException {
    put("/v1/kv/far", "1");
    put("/v1/kv/w/a", "1");

    // a client here waits for less than a minute
    assertThat(index(get("/v1/kv/w/a" + query))).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"100,107", "320,340", "1600,1700"})
  void wait_lastsAsLongAsAsked_andUpToASixteenthMore(int asked, int most) throws IOException {
    put("/v1/kv/w/a", "1");
    Duration shortest = Duration.ofDays(1);

    // a busy machine may answer late, and does not do so each time
    for (int i = 0; i < 8 && shortest.toMillis() > most + 400; i++) {
      long start = System.nanoTime();
      Answer answer = get("/v1/kv/w/a?index=2&wait=" + asked + "ms");
      Duration took = time(start);

      assertThat(index(answer)).as("unchanged").isEqualTo(2);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(asked));
      shortest = shortest.compareTo(took) < 0 ? shortest : took;
    }
    assertThat(shortest).isLessThanOrEqualTo(Duration.ofMillis(most).plusMillis(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stale=&", "consistent=&", ""})
  void wait_ofEveryConsistency_waits(String consistency) throws IOException {
    put("/v1/kv/w/a", "1");
    long start = System.nanoTime();

    assertThat(index(get("/v1/kv/w/a?" + consistency + "index=2&wait=150ms"))).isEqualTo(2);
    assertThat(time(start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-5s"})
  void wait_ofNoTime_isTheUsualTime(String wait) throws IOException {
    put("/v1/kv/w/a", "1");

    waiting("/v1/kv/w/a", 2, wait).close();
  }

  @Test
  void index_above_waits_andIsAnsweredWithTheLowerOne() throws IOException {
    put("/v1/kv/w/a", "1");
    long start = System.nanoTime();

    assertThat(index(get("/v1/kv/w/a?index=100193&wait=150ms"))).isEqualTo(2);
    assertThat(index(get("/v1/kv/none?index=100193&wait=150ms"))).isEqualTo(2);
    assertThat(time(start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void key_wakesOnEveryPut_evenOfTheSameValue() throws IOException {
    put("/v1/kv/w/a", "1");
    for (int round = 3; round < 6; round++) {
      try (RawHttp waiter = waiting("/v1/kv/w/a")) {
        put("/v1/kv/w/a", "1");

        assertThat(index(waiter.answer())).isEqualTo(round);
      }
    }
  }

  @Test
  void key_wakesOnItsDeletion_andOnItsCreation() throws IOException {
    put("/v1/kv/w/none", "1");
    try (RawHttp waiter = waiting("/v1/kv/w/none")) {
      call("DELETE", "/v1/kv/w/none", "");
      Answer gone = waiter.answer();
      assertThat(shown(gone)).isEqualTo(MISS);
      assertThat(index(gone)).isEqualTo(3);
    }
    try (RawHttp waiter = waiting("/v1/kv/w/none")) {
      put("/v1/kv/w/none", "2");
      assertThat(index(waiter.answer())).isEqualTo(4);
    }
  }

  @Test
  void key_createdAsTheFirstOfAStore_wakes() throws IOException {
    try (RawHttp waiter = waiting("/v1/kv/first", 1, "60s")) {
      put("/v1/kv/first", "1");

      assertThat(waiter.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void key_doesNotWakeOnSiblings_failedAcquires_renewals_absentDeletes() throws IOException {
    String holder = session("{}");
    String other = session("{}");
    put("/v1/kv/w/l?acquire=" + holder, "1");
    try (RawHttp key = waiting("/v1/kv/w/l");
        RawHttp missing = waiting("/v1/kv/w/n")) {
      put("/v1/kv/w/la", "1");
      put("/v1/kv/w/n/below", "1");
      put("/v1/kv/w/l?acquire=" + other, "1");
      put("/v1/session/renew/" + holder, "");
      call("DELETE", "/v1/kv/w/n", "");

      assertThat(key.isSilent(A_WHILE)).isTrue();
      assertThat(missing.isSilent(A_WHILE)).isTrue();
    }
  }

  @Test
  void key_wakesOnAcquire_release_andInvalidation() throws IOException {
    put("/v1/kv/w/l", "1");
    String session = session("{\"LockDelay\":0}");
    try (RawHttp waiter = waiting("/v1/kv/w/l")) {
      put("/v1/kv/w/l?acquire=" + session, "v");
      assertThat(waiter.answer().body()).contains("\"Session\":\"" + session + "\"");
    }
    try (RawHttp waiter = waiting("/v1/kv/w/l")) {
      put("/v1/session/destroy/" + session, "");
      assertThat(waiter.answer().body()).doesNotContain("Session").contains("\"LockIndex\":1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?recurse=", "?keys=", "?keys&separator=/"})
  void list_wakesOnWhateverChangesBelow_andOnNothingElse(String how) throws IOException {
    put("/v1/kv/w/a", "1");
    put("/v1/kv/w/b", "1");
    for (String change : List.of("PUT /v1/kv/w/b", "PUT /v1/kv/w/c/d", "DELETE /v1/kv/w/b")) {
      try (RawHttp waiter = waiting("/v1/kv/w/" + how)) {
        put("/v1/kv/far", "1");
        put("/v1/kv/wa", "1");
        assertThat(waiter.isSilent(A_WHILE)).isTrue();
        String[] words = change.split(" ");
        call(words[0], words[1], words[0].equals("PUT") ? "2" : "");

        assertThat(waiter.answer().status()).isEqualTo(200);
      }
    }
    try (RawHttp waiter = waiting("/v1/kv/w/" + how)) {
      call("DELETE", "/v1/kv/w/?recurse", "");

      assertThat(shown(waiter.answer())).isEqualTo(MISS);
    }
    try (RawHttp waiter = waiting("/v1/kv/w/" + how)) {
      put("/v1/kv/far", "1");
      assertThat(waiter.isSilent(A_WHILE)).as("an empty list, too").isTrue();
      put("/v1/kv/w/x", "1");

      assertThat(waiter.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void list_seesADeletionThatCameBetweenTwoQueries() throws IOException {
    put("/v1/kv/w/a", "1");
    put("/v1/kv/w/b", "1");
    long seen = index(get("/v1/kv/w/?recurse"));
    call("DELETE", "/v1/kv/w/b", "");
    put("/v1/kv/far", "1");

    Answer answer = get("/v1/kv/w/?recurse&index=" + seen + "&wait=60s");

    assertThat(answer.body()).doesNotContain("w/b");
    assertThat(index(answer)).isGreaterThan(seen);
  }

  @Test
  void list_keepsItsIndexWhileNothingBelowChanges() throws IOException {
    put("/v1/kv/w/a", "1");
    long seen = index(get("/v1/kv/w/?recurse"));
    put("/v1/kv/far", "1");

    assertThat(index(get("/v1/kv/w/?recurse&index=" + seen + "&wait=50ms"))).isEqualTo(seen);
    assertThat(index(get("/v1/kv/none?index=" + seen + "&wait=50ms"))).isEqualTo(seen);
    assertThat(index(get("/v1/kv/none"))).isGreaterThan(seen);
  }

  @Test
  void list_ofAnIndexOlderThanTheHistory_isAnsweredAtOnce_andOnlyOnce() throws IOException {
    var settings = EngineSettings.DEFAULT.withHistoryBytes(1);
    try (var small = EngineStore.inMemory(settings);
        ConsulUnderTest forgetful = new ConsulUnderTest(small);
        RawHttp client = forgetful.connect()) {
      for (String key : new String[] {"w/a", "far", "far", "far"}) {
        client.request("PUT", "/v1/kv/" + key, "1").answer();
      }

      long now = index(client.request("GET", "/v1/kv/w?recurse&index=1&wait=60s", "").answer());
      assertThat(now).isEqualTo(5);
      client.request("GET", "/v1/kv/w?recurse&wait=60s&index=" + now, "");
      assertThat(client.isSilent(A_WHILE)).isTrue();
    }
  }

  @Test
  void sessions_wakeOnBeginningAndEnd() throws IOException {
    String session = session("{}");
    try (RawHttp list = waiting("/v1/session/list");
        RawHttp info = waiting("/v1/session/info/" + session);
        RawHttp node = waiting("/v1/session/node/kubekv")) {
      put("/v1/kv/far", "1");
      put("/v1/session/renew/" + session, "");
      assertThat(list.isSilent(A_WHILE)).isTrue();
      put("/v1/session/destroy/" + session, "");

      for (RawHttp waiter : List.of(list, info, node)) {
        Answer answer = waiter.answer();
        assertThat(shown(answer)).isEqualTo("200 [" + READ + "] []");
        assertThat(index(answer)).isEqualTo(4);
      }
    }
  }

  @Test
  void sessions_beginningAsTheFirstOfAStore_wakes() throws IOException {
    try (RawHttp list = waiting("/v1/session/list", 1, "60s")) {
      String session = session("{}");

      assertThat(list.answer().body()).contains(session);
    }
  }

  @Test
  void sessions_timeUp_isAnsweredWithTheSameIndex() throws IOException {
    session("{}");

    assertThat(index(get("/v1/session/list?index=2&wait=100ms"))).isEqualTo(2);
  }

  @Test
  void catalog_neverChanges_soItsReadersWait() throws IOException {
    long start = System.nanoTime();

    assertThat(index(get("/v1/catalog/services?index=1&wait=120ms"))).isEqualTo(1);
    assertThat(time(start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
  }

  @Test
  void client_thatGoesAway_freesItsWatch() throws Exception {
    put("/v1/kv/w/a", "1");
    List<RawHttp> waiters = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String how = i % 2 == 0 ? "/v1/kv/w/a?" : "/v1/kv/w/?recurse&";
      waiters.add(door.connect().request("GET", how + "index=2&wait=60s", ""));
    }
    await().until(() -> door.hub().watchers() == 20);

    for (RawHttp waiter : waiters) {
      waiter.close();
    }

    await().until(() -> door.hub().watchers() == 0);
  }

  @Test
  void waiters_manyAtOnce_allWake() throws IOException {
    put("/v1/kv/w/a", "1");
    List<RawHttp> waiters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String how = i % 2 == 0 ? "/v1/kv/w/a?" : "/v1/kv/w/?recurse&";
      waiters.add(door.connect().request("GET", how + "index=2&wait=60s", ""));
    }
    await().until(() -> door.hub().watchers() == 100);

    put("/v1/kv/w/a", "2");

    for (RawHttp waiter : waiters) {
      assertThat(waiter.answer().body()).contains("\"Value\":\"Mg==\"");
      waiter.close();
    }
  }

  @Test
  void connection_servesTheNextRequestAfterAWait() throws IOException {
    put("/v1/kv/w/a", "1");
    get("/v1/kv/w/a?index=2&wait=50ms");

    assertThat(get("/v1/kv/w/a").status()).isEqualTo(200);
  }

  @Test
  void hub_thatEnds_answersWhoWaits() throws IOException {
    put("/v1/kv/w/a", "1");
    try (RawHttp waiter = waiting("/v1/kv/w/a")) {
      await().until(() -> door.hub().watchers() == 1);
      door.hub().close();

      assertThat(index(waiter.answer())).isEqualTo(2);
    }
  }

  @Test
  void server_thatEnds_cutsWhoWaits() throws IOException {
    put("/v1/kv/w/a", "1");
    try (RawHttp waiter = waiting("/v1/kv/w/a")) {
      door.close();

      assertThat(waiter.isCut()).isTrue();
    }
  }

  @Test
  void store_thatEnds_failsWhoWaitsForSessions() throws IOException {
    try (RawHttp waiter = waiting("/v1/session/list")) {
      store.close();

      assertThat(shown(waiter.answer())).startsWith("500 ").contains("No cluster leader");
    }
  }
}
