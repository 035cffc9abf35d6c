package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Lookup;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 10: no verb waits, and whatever becomes of it is in its future. */
abstract class FuturesContract extends ContractGroup {
  /** Nobody waits as long. */
  static final Duration LONG = Duration.ofMinutes(10);

  /** Which keys broken stores treat as such. */
  private static final String THESE = "futures/";

  FuturesContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  static boolean isOfThese(Key key) {
    return key.text().startsWith(THESE);
  }

  /** Every verb, by name, called on a key that has an entry. */
  private Map<String, CompletableFuture<?>> callAll(Key key) {
    Map<String, CompletableFuture<?>> calls = new LinkedHashMap<>();
    calls.put("get", store().get(key, Freshness.LINEARIZABLE));
    calls.put("list", store().list(ListRequest.of(new Range.Exact(key)), Freshness.LINEARIZABLE));
    calls.put("revision", store().revision(Freshness.LINEARIZABLE));
    calls.put("put", store().put(PutRequest.of(key, bytes("2"))));
    calls.put(
        "transact",
        store()
            .transact(
                TransactionRequest.of(
                    new TransactionOperation.Put(PutRequest.of(key, bytes("3"))))));
    calls.put("delete", store().delete(DeleteRequest.of(key)));
    calls.put("deleteRange", store().deleteRange(new Range.Exact(key)));
    SessionSpec session = SessionSpec.random();
    calls.put("create", store().sessions().create(session));
    calls.put("renew", store().sessions().renew(session.id()));
    calls.put("session", store().sessions().get(session.id(), Freshness.LINEARIZABLE));
    calls.put("sessions", store().sessions().list(Freshness.LINEARIZABLE));
    calls.put("destroy", store().sessions().destroy(session.id()));
    return calls;
  }

  /** Whoever waits in a call hears that its thread is interrupted. */
  @Test
  void verbs_onAThreadThatMayNotWait_areAnsweredAllTheSame() throws Exception {
    put(THESE + "a", "1");
    Thread.currentThread().interrupt();

    Map<String, CompletableFuture<?>> calls = callAll(Key.of(THESE + "a"));

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    for (Map.Entry<String, CompletableFuture<?>> call : calls.entrySet()) {
      assertThat(failure(call.getValue())).as(call.getKey()).isEmpty();
    }
  }

  @Test
  void read_ofALaterRevision_isAnsweredWhenThatHasCome() throws Exception {
    Revision later = put("a", "1").modifyRevision().next();

    CompletableFuture<Lookup> coming = store().get(Key.of("b"), new Freshness.AtLeast(later));

    put("b", "1");
    assertThat(coming).succeedsWithin(harness().patience());
  }

  @Test
  void awaitChange_isAnsweredWhenASessionHasBegun() throws Exception {
    Revision changed =
        Await.read(store().sessions().get(SessionId.random(), Freshness.LINEARIZABLE)).changed();

    CompletableFuture<Boolean> coming = store().sessions().awaitChange(changed, LONG);
    boolean early = coming.isDone();
    Await.change(store().sessions().create(SessionSpec.random()));

    assertThat(early).isFalse();
    assertThat(answer(coming)).isTrue();
  }

  @Test
  void awaitChange_closed_isAnsweredWithNo() throws Exception {
    Revision changed =
        Await.read(store().sessions().get(SessionId.random(), Freshness.LINEARIZABLE)).changed();
    CompletableFuture<Boolean> coming = store().sessions().awaitChange(changed, LONG);

    store().close();

    assertThat(answer(coming)).isFalse();
  }

  /** Which failure it is, the promises say whose it is. */
  @Test
  void failures_areInTheFuture() throws Exception {
    Key tooLong = Key.of("k".repeat(store().limits().maxKeyBytes() + 1));
    PutRequest put = PutRequest.of(tooLong, bytes("1"));
    SessionSpec session = SessionSpec.random().withName(tooLong.text());

    requireAnswered("get", store().get(tooLong, Freshness.LINEARIZABLE));
    requireAnswered("put", store().put(put));
    requireAnswered("delete", store().delete(DeleteRequest.of(tooLong)));
    requireAnswered(
        "transact", store().transact(TransactionRequest.of(new TransactionOperation.Put(put))));
    requireAnswered("create", store().sessions().create(session));
  }

  @Test
  void closed_everyVerbIsAnswered() throws Exception {
    put("a", "1");
    store().close();

    for (Map.Entry<String, CompletableFuture<?>> call : callAll(Key.of("a")).entrySet()) {
      requireAnswered(call.getKey(), call.getValue());
    }
  }

  private void requireAnswered(String verb, CompletableFuture<?> call) throws Exception {
    CompletableFuture<?> over = call.handle((answer, failure) -> verb);
    assertThat(answer(over)).isEqualTo(verb);
  }

  @Test
  void reads_ofAQuietStore_areKnownAtOnce() {
    put("a", "1");
    Key key = Key.of("a");
    ListRequest all = ListRequest.of(Range.all());

    if (harness().knowsAtOnce()) {
      // that the lease is renewed may take a moment now and then
      eventually("get", () -> store().get(key, Freshness.LINEARIZABLE).isDone());
      eventually("list", () -> store().list(all, Freshness.LINEARIZABLE).isDone());
      eventually("revision", () -> store().revision(Freshness.LINEARIZABLE).isDone());
      eventually("stale", () -> store().get(key, Freshness.STALE).isDone());
    }
    assertThat(text("a")).contains("1");
  }

  /** Dependents run in the thread that completes the future, whichever that is. */
  @Test
  void dependents_mayCallTheStore() throws Exception {
    CompletableFuture<Lookup> last =
        store()
            .put(value(THESE + "a", "1"))
            .thenCompose(stored -> store().put(value(THESE + "b", "1")))
            .thenCompose(stored -> store().get(Key.of(THESE + "b"), Freshness.LINEARIZABLE));

    assertThat(answer(last).entry()).isPresent();
  }

  @Test
  void cancelled_aChangeGoesOn() {
    var unused = store().put(value(THESE + "a", "1")).cancel(false);

    eventually("the put is done", () -> text(THESE + "a").isPresent());
  }

  private <T> T answer(CompletableFuture<T> coming) throws Exception {
    return coming.get(harness().patience().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What a call has failed with; empty when it has not. */
  private Optional<Throwable> failure(CompletableFuture<?> call) throws Exception {
    return answer(call.handle((answer, failure) -> Optional.ofNullable(failure)));
  }
}
