package io.kubekv.server.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.UnavailableException;
import io.kubekv.contract.ForwardingStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.server.http.RawHttp;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that the event loop takes, and those that turn out to need a thread after all. */
@Timeout(60)
final class KeysAtOnceTest {
  private final BegunStore store = new BegunStore();
  private final DoorUnderTest door = new DoorUnderTest(store);

  /** Begins changes whenever they are asked for, and ends them when the test says so. */
  private static final class BegunStore extends ForwardingStore {
    private final LinkedBlockingQueue<CompletableFuture<PutOutcome>> puts =
        new LinkedBlockingQueue<>();
    private volatile boolean readsWait;
    private volatile Optional<CompletableFuture<Lookup>> elsewhere = Optional.empty();
    private final AtomicInteger onThreads = new AtomicInteger();
    private final AtomicInteger readsOnThreads = new AtomicInteger();

    BegunStore() {
      super(EngineStore.inMemory());
    }

    @Override
    public Optional<Lookup> getAtOnce(Key key) {
      return readsWait ? Optional.empty() : super.getAtOnce(key);
    }

    @Override
    public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
      return elsewhere;
    }

    @Override
    public Lookup get(Key key, Freshness freshness) {
      readsOnThreads.incrementAndGet();
      return super.get(key, freshness);
    }

    @Override
    public Optional<Listing> listAtOnce(ListRequest request, int most) {
      return readsWait ? Optional.empty() : super.listAtOnce(request, most);
    }

    @Override
    public Optional<CompletableFuture<PutOutcome>> putAtOnce(
        PutRequest request, Executor executor) {
      CompletableFuture<PutOutcome> coming = new CompletableFuture<>();
      puts.add(coming);
      return Optional.of(coming);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      onThreads.incrementAndGet();
      return super.put(request);
    }

    @Override
    public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
        DeleteRequest request, Executor executor) {
      return Optional.empty();
    }

    Lookup lookupHere(String key) {
      return super.get(Key.of(key), Freshness.LINEARIZABLE);
    }

    PutOutcome putHere(String key) {
      return super.put(PutRequest.of(Key.of(key), Bytes.utf8("here")));
    }
  }

  @AfterEach
  void close() {
    door.close();
    store.close();
  }

  @Test
  void put_onItsWay_holdsUpNoOtherClient() throws Exception {
    try (RawHttp writer = door.connect();
        RawHttp reader = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");
      CompletableFuture<PutOutcome> put = store.puts.take();

      assertThat(reader.request("GET", "/v2/keys/", "").answer().status()).isEqualTo(200);

      put.complete(store.putHere("a"));
      assertThat(writer.answer().body()).contains("\"value\":\"here\"");
      assertThat(store.onThreads).hasValue(0);
    }
  }

  @Test
  void put_thatWasCertainlyNotDone_isTriedByAThread() throws Exception {
    try (RawHttp writer = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");

      store.puts.take().completeExceptionally(new UnavailableException("nothing was applied"));

      assertThat(writer.answer().status()).isEqualTo(201);
      assertThat(store.onThreads).hasValue(1);
    }
  }

  @Test
  void put_thatMayHaveBeenDone_isNotTriedAgain() throws Exception {
    try (RawHttp writer = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");

      store.puts.take().completeExceptionally(new OutcomeUnknownException("no answer"));

      RawHttp.Answer answer = writer.answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("may or may not have been made");
      assertThat(store.onThreads).hasValue(0);
    }
  }

  @Test
  void get_thatIsAnsweredElsewhere_needsNoThread() throws IOException {
    store.putHere("k");
    store.readsWait = true;
    CompletableFuture<Lookup> coming = new CompletableFuture<>();
    store.elsewhere = Optional.of(coming);
    try (RawHttp client = door.connect()) {
      client.request("GET", "/v2/keys/k", "");

      coming.complete(store.lookupHere("k"));

      assertThat(client.answer().body()).contains("\"value\":\"here\"");
      assertThat(store.readsOnThreads).hasValue(0);
    }
  }

  @Test
  void get_thatIsNotAnsweredElsewhere_isAnsweredByAThread() throws IOException {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp client = door.connect()) {
      store.elsewhere =
          Optional.of(CompletableFuture.failedFuture(new UnavailableException("not sent")));
      assertThat(client.request("GET", "/v2/keys/d/k", "").answer().body()).contains("here");
      assertThat(store.readsOnThreads).hasValue(1);

      store.elsewhere = Optional.of(CompletableFuture.completedFuture(store.lookupHere("d")));
      assertThat(client.request("GET", "/v2/keys/d", "").answer().body()).contains("/d/k");
      store.elsewhere = Optional.of(CompletableFuture.completedFuture(store.lookupHere("none")));
      assertThat(client.request("GET", "/v2/keys/none", "").answer().status()).isEqualTo(404);
    }
  }

  @Test
  void request_thatWouldWait_isAnsweredByAThread() throws IOException {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp client = door.connect()) {
      assertThat(client.request("GET", "/v2/keys/d/k", "").answer().body()).contains("here");
      assertThat(client.request("GET", "/v2/keys/d", "").answer().body()).contains("/d/k");
      assertThat(client.request("GET", "/v2/keys/none", "").answer().status()).isEqualTo(404);
      assertThat(client.request("DELETE", "/v2/keys/d/k", "").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void request_isCountedOnce() throws IOException {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp client = door.connect()) {
      client.request("GET", "/v2/keys/d/k", "").answer();
      store.readsWait = false;
      client.request("GET", "/v2/keys/d/k", "").answer();

      assertThat(client.request("GET", "/v2/stats/store", "").answer().body())
          .contains("\"getsSuccess\":2,\"getsFail\":0");
    }
  }
}
