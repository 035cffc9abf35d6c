package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that the event loop takes, and those that turn out to need a thread after all. */
@Timeout(60)
final class KeysOnLoopTest {
  private final BegunStore store = new BegunStore();
  private final DoorUnderTest door = new DoorUnderTest(store);

  /** Answers what the test says when it says so, and counts what threads ask. */
  private static final class BegunStore extends DelegatingStore {
    private final LinkedBlockingQueue<CompletableFuture<PutOutcome>> puts =
        new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Runnable> reads = new LinkedBlockingQueue<>();
    private final AtomicInteger onThreads = new AtomicInteger();
    private volatile boolean readsWait;
    private volatile boolean broken;

    BegunStore() {
      super(EngineStore.inMemory());
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return read(super.get(key, freshness));
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return read(super.list(request, freshness));
    }

    private <T> CompletableFuture<T> read(CompletableFuture<T> known) {
      onThreads.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
      if (broken) {
        return CompletableFuture.failedFuture(new AssertionError("a mistake"));
      }
      if (!readsWait) {
        return known;
      }
      CompletableFuture<T> coming = new CompletableFuture<>();
      reads.add(
          () -> {
            var unused =
                known.whenComplete(
                    (found, failure) -> {
                      if (failure == null) {
                        coming.complete(found);
                      } else {
                        coming.completeExceptionally(failure);
                      }
                    });
          });
      return coming;
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      onThreads.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
      CompletableFuture<PutOutcome> coming = new CompletableFuture<>();
      puts.add(coming);
      return coming;
    }

    PutOutcome putHere(String key) {
      return putHere(key, "here");
    }

    PutOutcome putHere(String key, String value) {
      return Await.change(super.put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
    }

    /** Lets so many reads be answered, one after the other. */
    void answerReads(int number) throws InterruptedException {
      for (int i = 0; i < number; i++) {
        reads.take().run();
      }
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
  void put_thatWasCertainlyNotDone_isToldSo() throws Exception {
    try (RawHttp writer = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");

      store.puts.take().completeExceptionally(new UnavailableException("nothing was applied"));

      RawHttp.Answer answer = writer.answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("nothing was applied");
      assertThat(store.puts).isEmpty();
    }
  }

  @Test
  void error_ofTheServersOwn_isToldAsThat() throws Exception {
    try (RawHttp writer = door.connect();
        RawHttp reader = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");
      store.puts.take().completeExceptionally(new AssertionError("a mistake"));
      assertThat(writer.answer().status()).isEqualTo(500);

      store.broken = true;
      assertThat(reader.request("GET", "/v2/keys/a", "").answer().status()).isEqualTo(500);
    }
  }

  @Test
  void put_overItsClientsLimit_isToldAsThat() throws Exception {
    try (RawHttp writer = door.connect()) {
      writer.request("PUT", "/v2/keys/a", "value=1");

      store
          .puts
          .take()
          .completeExceptionally(new OverLimitException(Limit.WORKING_BYTES, "too much"));

      assertThat(writer.answer().status()).isEqualTo(429);
    }
  }

  /** What above the key forbids it is looked up when it is refused, and not waited for. */
  @Test
  void put_refusedForReasonsThatAreElsewhere_needsNoThread() throws Exception {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp writer = door.connect()) {
      writer.request("PUT", "/v2/keys/none/a?prevExist=true", "value=1");

      store
          .puts
          .take()
          .complete(new Refused(Refused.Reason.MISSING, Optional.empty(), new Revision(1)));
      store.answerReads(2);

      assertThat(writer.answer().body()).contains("\"errorCode\":100").contains("/none");
      assertThat(store.onThreads).hasValue(0);
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
  void get_thatIsAnsweredLater_needsNoThread() throws Exception {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp client = door.connect()) {
      client.request("GET", "/v2/keys/d/k", "");
      store.answerReads(1);
      assertThat(client.answer().body()).contains("\"value\":\"here\"");

      client.request("GET", "/v2/keys/d", "");
      store.answerReads(2);
      assertThat(client.answer().body()).contains("/d/k");

      client.request("GET", "/v2/keys/none", "");
      store.answerReads(2);
      assertThat(client.answer().status()).isEqualTo(404);

      client.request("DELETE", "/v2/keys/d/k", "");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(store.onThreads).hasValue(0);
    }
  }

  @Test
  void get_onItsWay_holdsUpNoOtherClient() throws Exception {
    store.putHere("k");
    store.readsWait = true;
    try (RawHttp slow = door.connect();
        RawHttp other = door.connect()) {
      slow.request("GET", "/v2/keys/k", "");
      Runnable answer = store.reads.take();
      store.readsWait = false;

      assertThat(other.request("GET", "/v2/keys/k", "").answer().status()).isEqualTo(200);

      answer.run();
      assertThat(slow.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void get_ofWhatIsLong_isAnsweredByAThread() throws IOException {
    store.putHere("long", "x".repeat(40_000));
    for (int i = 0; i < 201; i++) {
      store.putHere("d/k" + i);
    }
    try (RawHttp client = door.connect()) {
      assertThat(client.request("GET", "/v2/keys/long", "").answer().body()).contains("xxx");
      assertThat(store.onThreads).as("what has come is not asked for again").hasValue(0);
      assertThat(client.request("GET", "/v2/keys/d", "").answer().body()).contains("/d/k200");
      assertThat(store.onThreads).hasPositiveValue();
    }
  }

  @Test
  void get_thatFails_isToldByTheLoop() throws Exception {
    store.close();
    try (RawHttp client = door.connect()) {
      assertThat(client.request("GET", "/v2/keys/k", "").answer().status()).isEqualTo(500);
      assertThat(store.onThreads).hasValue(0);
    }
  }

  @Test
  void request_isCountedOnce() throws Exception {
    store.putHere("d/k");
    store.readsWait = true;
    try (RawHttp client = door.connect()) {
      client.request("GET", "/v2/keys/d/k", "");
      store.answerReads(1);
      client.answer();
      client.request("GET", "/v2/keys/d", "");
      store.answerReads(2);
      client.answer();

      assertThat(client.request("GET", "/v2/stats/store", "").answer().body())
          .contains("\"getsSuccess\":2,\"getsFail\":0");
    }
  }
}
