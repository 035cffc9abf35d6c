package io.kubekv.server.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.PutRequest;
import io.kubekv.contract.ForwardingStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.server.http.RawHttp;
import io.kubekv.server.http.RawHttp.Answer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that the event loop answers, and those that need a thread: nobody sees which it was. */
@Timeout(60)
final class ConsulAtOnceTest {
  private final CountedReads store = new CountedReads();
  private final ConsulUnderTest door = new ConsulUnderTest(store);

  /** Answers at once unless it is told to wait, and counts the reads of threads. */
  private static final class CountedReads extends ForwardingStore {
    private final AtomicInteger onThreads = new AtomicInteger();
    private volatile boolean waits;

    CountedReads() {
      super(EngineStore.inMemory());
    }

    @Override
    public Optional<Lookup> getAtOnce(Key key) {
      return waits ? Optional.empty() : super.getAtOnce(key);
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      onThreads.incrementAndGet();
      return super.get(key, freshness);
    }
  }

  @BeforeEach
  void fill() {
    store.put(PutRequest.of(Key.of("docker/a"), Bytes.utf8("v1")));
    store.put(PutRequest.of(Key.of("docker/long"), Bytes.utf8("x".repeat(20_000))));
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

    store.waits = true;
    assertThat(get("/v1/kv/" + key)).isEqualTo(atOnce);
    assertThat(store.onThreads).hasValue(1);
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
