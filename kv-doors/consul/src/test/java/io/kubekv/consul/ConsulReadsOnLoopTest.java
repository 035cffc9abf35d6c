package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that the event loop answers, and those that need a thread: nobody sees which it was. */
@Timeout(60)
final class ConsulReadsOnLoopTest {
  private final CountedReads store = new CountedReads();
  private final ConsulUnderTest door = new ConsulUnderTest(store);

  /** Answers at once unless it is told to take time, and counts the reads of threads. */
  private static final class CountedReads extends DelegatingStore {
    private final AtomicInteger onThreads = new AtomicInteger();
    private volatile boolean takesTime;
    private volatile boolean broken;

    CountedReads() {
      super(EngineStore.inMemory());
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      onThreads.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
      CompletableFuture<Lookup> found =
          broken
              ? CompletableFuture.failedFuture(new AssertionError("a mistake"))
              : super.get(key, freshness);
      return takesTime
          ? found.thenApplyAsync(
              lookup -> lookup, CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS))
          : found;
    }
  }

  @BeforeEach
  void fill() {
    Await.change(store.put(PutRequest.of(Key.of("docker/a"), Bytes.utf8("v1"))));
    Await.change(store.put(PutRequest.of(Key.of("docker/long"), Bytes.utf8("x".repeat(20_000)))));
  }

  @AfterEach
  void close() {
    door.close();
    store.close();
  }

  private Answer get(String target) throws IOException {
    try (RawHttp http = door.connect()) {
      http.request("GET", target, "");
      return http.answer();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"docker/a", "docker/a?raw", "docker/a?consistent", "docker/a?pretty", "none"})
  void read_ofOneKey_needsNoThread_andSaysWhatAThreadSays(String key) throws IOException {
    Answer atOnce = get("/v1/kv/" + key);
    assertThat(store.onThreads).hasValue(0);

    store.takesTime = true;
    assertThat(get("/v1/kv/" + key)).isEqualTo(atOnce);
    assertThat(store.onThreads).hasValue(0);
  }

  @Test
  void read_thatFails_isToldByTheLoop() throws IOException {
    store.takesTime = true;
    store.close();

    Answer answer = get("/v1/kv/docker/a");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("No cluster leader");
    assertThat(store.onThreads).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker/a", "docker/a?stale"})
  void error_ofTheServersOwn_isTold(String key) throws IOException {
    store.broken = true;

    assertThat(get("/v1/kv/" + key).status()).isEqualTo(500);
    store.takesTime = true;
    assertThat(get("/v1/kv/" + key).status()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker/a?stale",
        "docker/long?index=1",
        "docker/%61",
        "docker/long",
        "none?stale"
      })
  void read_thatMayTakeLong_isGivenToAThread(String key) throws IOException {
    assertThat(get("/v1/kv/" + key).status()).isIn(200, 404);
    assertThat(store.onThreads).hasPositiveValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "docker/a?stale&consistent", "docker/a?wait=x", "docker/a?dc=far"})
  void read_thatIsRefused_isRefusedByAThread(String key) throws IOException {
    assertThat(get("/v1/kv/" + key).status()).isIn(400, 500);
    assertThat(store.onThreads).hasValue(0);
  }
}
