package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Unsent;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Consul's clients are told when there is no memory for what they ask. */
final class ConsulMemoryWireTest {
  private static final long ROOM = 1 << 20;
  private static final Bytes LARGE = Bytes.utf8("x".repeat(100_000));

  private final Budgets budgets =
      new Budgets(
          new ClientLimits(0, 1, 0, 100, 100, 1, Duration.ZERO), 100, ROOM, new Unsent(ROOM, ROOM));
  private final EngineStore store = EngineStore.inMemory();
  private final ConsulUnderTest consul =
      new ConsulUnderTest(
          LimitedStore.inOnePiece(
              store, 1L << 30, budgets, new StoreBound(store, Long.MAX_VALUE, budgets.hits())),
          budgets);

  @AfterEach
  void close() {
    consul.close();
    store.close();
    budgets.close();
  }

  private void put(String key) {
    Await.change(store.put(PutRequest.of(Key.of(key), LARGE)));
  }

  private Answer transaction(RawHttp http, int getTrees) throws IOException {
    String tree = "{\"KV\":{\"Verb\":\"get-tree\",\"Key\":\"a\"}}";
    String body = "[" + (tree + ",").repeat(getTrees - 1) + tree + "]";
    return http.send(
            "PUT /v1/txn HTTP/1.1\r\nHost: h\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
        .answer();
  }

  @Test
  void transactionThatReadsMoreThanThereIsMemoryFor_isRefusedByName() throws Exception {
    put("a/1");
    try (RawHttp http = consul.connect()) {
      assertThat(transaction(http, 6).status()).isEqualTo(200);

      Answer refused = transaction(http, 64);

      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.body()).contains("list size").contains("6404288");
      await().untilAsserted(() -> assertThat(budgets.room().takenBytes()).isZero());
    }
  }

  @Test
  void queryThatWaits_takesNoRoom_untilItIsWoken_andThenBeforeItAnswers() throws Exception {
    put("a/1");
    try (RawHttp http = consul.connect()) {
      String index = http.request("GET", "/v1/kv/a?recurse", "").answer().header("X-Consul-Index");
      http.request("GET", "/v1/kv/a?recurse&wait=60s&index=" + index, "");
      await().untilAsserted(() -> assertThat(budgets.watches()).isEqualTo(1));
      await().untilAsserted(() -> assertThat(consul.hub().watchers()).isEqualTo(1));
      assertThat(budgets.room().takenBytes()).isZero();

      try (Room.Part all = budgets.room().forValues(ROOM)) {
        put("a/2");

        assertThat(http.answer().status()).isEqualTo(429);
      }
    }
  }
}
