package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.StoreStatus;
import io.kubekv.UnavailableException;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients see when the store fails. */
final class StoreFailuresTest {
  private final EngineStore store =
      EngineStore.inMemory(EngineSettings.DEFAULT.withLimits(new Limits(20, 10, 4, 3)));

  @AfterEach
  void close() {
    store.close();
  }

  /** A store that fails every read of a key. */
  private KeyValueStore failing(boolean ready, Supplier<StoreException> failure) {
    return new DelegatingStore(store) {
      @Override
      public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
        return CompletableFuture.failedFuture(failure.get());
      }

      @Override
      public StoreStatus status() {
        return new StoreStatus(ready, "", Revision.ZERO, Revision.ZERO, 0, 0);
      }
    };
  }

  private Answer get(boolean ready, Supplier<StoreException> failure) throws IOException {
    try (DoorUnderTest door = new DoorUnderTest(failing(ready, failure));
        RawHttp http = door.connect()) {
      return http.request("GET", "/v2/keys/a", "").answer();
    }
  }

  private static void check(Answer answer, int status, int code, String cause) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"errorCode\":" + code + ",")
        .endsWith(",\"cause\":\"" + cause + "\",\"index\":0}\n");
  }

  @Test
  void unavailable_isAnElection_becauseNothingWasDone() throws IOException {
    check(get(false, () -> new UnavailableException("no lease")), 500, 301, "no lease");
    check(get(true, () -> new UnavailableException("no answer")), 500, 301, "no answer");
  }

  @Test
  void overload_saysWhenToComeBack() throws IOException {
    Answer answer = get(true, () -> new OverloadedException("too much", Duration.ofMillis(1500)));

    check(answer, 503, 300, "too much");
    assertThat(answer.header("Retry-After")).isEqualTo("2");
  }

  @Test
  void unknownOutcome_saysSo() throws IOException {
    check(
        get(true, () -> new OutcomeUnknownException("no answer came")),
        500,
        300,
        "the change may or may not have been made: no answer came");
  }

  @Test
  void limit_isA4xxThatNamesIt() throws IOException {
    check(
        get(true, () -> new LimitExceededException("value size", "bytes", 9, 5)),
        400,
        209,
        "value size is 9 bytes, at most 5 allowed");
  }

  @Test
  void limitsOfTheStore_reachTheClient() throws IOException {
    try (DoorUnderTest door = new DoorUnderTest(store);
        RawHttp http = door.connect()) {
      assertThat(http.request("PUT", "/v2/keys/" + "x".repeat(21), "value=1").answer().body())
          .contains("\"errorCode\":209,")
          .contains("key length is 21 bytes");
      assertThat(http.request("PUT", "/v2/keys/a", "value=12345678901").answer().body())
          .contains("\"errorCode\":209,")
          .contains("value size is 11 bytes");
      assertThat(http.request("PUT", "/v2/keys/a/b/c/d/e", "value=1").answer().body())
          .contains("\"errorCode\":209,")
          .contains("key depth is 5");
      assertThat(http.request("PUT", "/v2/keys/a/b/c/d", "value=1").answer().body())
          .contains("\"errorCode\":209,")
          .contains("number of entries");
      assertThat(http.request("GET", "/v2/keys", "").answer().body())
          .isEqualTo("{\"action\":\"get\",\"node\":{\"dir\":true}}\n");
    }
  }

  @Test
  void health_ofAStoreThatIsNotReady_isFalse() throws IOException {
    try (DoorUnderTest door =
            new DoorUnderTest(failing(false, () -> new UnavailableException("no lease")));
        RawHttp http = door.connect()) {
      Answer answer = http.request("GET", "/health", "").answer();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("{\"health\":\"false\"}");
    }
  }
}
