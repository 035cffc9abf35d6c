package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Session;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOperation.ListRange;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.ManualTicker;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.StoreBound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the limits make of a store. */
final class LimitedStoreTest {
  private static final Key KEY = Key.of("a/key");
  private static final Bytes LARGE = Bytes.utf8("x".repeat(100_000));
  private static final ListRequest EVERYTHING = ListRequest.of(Range.all());

  private static final int BURST = 100;

  private final Budgets budgets =
      new Budgets(
          new ClientLimits(1, BURST, 0, 1000, 10, 10, Duration.ZERO), 10, new ManualTicker());
  private final EngineStore whole = EngineStore.inMemory();
  private final StoreBound bound = new StoreBound(whole, 2 << 20, budgets.hits());
  private final LimitedStore store = LimitedStore.inOnePiece(whole, 1 << 20, budgets, bound);
  private final Budget client = budgets.of("a client");

  @AfterEach
  void close() {
    whole.close();
    budgets.close();
  }

  /** How much less of the burst there is after a request. */
  private int cost(Runnable request) {
    return cost(client, request);
  }

  private static int cost(Budget of, Runnable request) {
    Use use = of.tryBegin().orElseThrow();
    use.run(request);
    use.end(0);
    int left = 0;
    for (var next = of.tryBegin(); next.isPresent(); next = of.tryBegin()) {
      next.get().end(0);
      left++;
    }
    return BURST - left;
  }

  @Test
  void read_costsOne() {
    assertThat(cost(() -> Await.read(store.get(KEY, Freshness.LINEARIZABLE)))).isEqualTo(1);
  }

  @Test
  void change_costsFour() {
    assertThat(cost(() -> Await.change(store.put(PutRequest.of(KEY, LARGE))))).isEqualTo(4);
  }

  @Test
  void deletion_costsFour() {
    assertThat(cost(() -> Await.change(store.delete(DeleteRequest.of(KEY))))).isEqualTo(4);
  }

  @Test
  void session_costsFour() {
    assertThat(cost(() -> Await.change(store.sessions().create(SessionSpec.random()))))
        .isEqualTo(4);
  }

  @Test
  void sessionTakenUp_costsAsOneThatBegins() {
    Session session = Await.change(whole.sessions().create(SessionSpec.random()));

    assertThat(cost(() -> Await.change(store.sessions().takeUp(session.id())))).isEqualTo(4);
  }

  @Test
  void transaction_costsWhatItsChangesDo() {
    TransactionRequest two =
        TransactionRequest.of(
            new TransactionOperation.Put(PutRequest.of(KEY, LARGE)),
            new TransactionOperation.Get(KEY),
            new TransactionOperation.Delete(DeleteRequest.of(KEY)));

    assertThat(cost(() -> Await.change(store.transact(two)))).isEqualTo(7);
  }

  @Test
  void deletionOfARange_costsWhatItDeletes() {
    IntStream.range(0, 10)
        .forEach(i -> Await.change(whole.put(PutRequest.of(Key.of("k" + i), Bytes.EMPTY))));

    assertThat(cost(() -> Await.change(store.deleteRange(Range.all())))).isEqualTo(31);
  }

  @Test
  void deletionOfARangeInATransaction_costsWhatItDeletes() {
    TransactionOperation deletion = new TransactionOperation.DeleteRange(Range.all());
    TransactionOperation chosen =
        new TransactionOperation.Choice(List.of(), List.of(deletion), List.of());
    for (TransactionOperation operation : List.of(deletion, chosen)) {
      IntStream.range(0, 10)
          .forEach(i -> Await.change(whole.put(PutRequest.of(Key.of("k" + i), Bytes.EMPTY))));
      Budget own = budgets.of(operation.toString());
      TransactionRequest request = TransactionRequest.of(operation);

      assertThat(cost(own, () -> Await.change(store.transact(request)))).isEqualTo(31);
      assertThat(whole.status().entries()).isZero();
    }
  }

  @Test
  void largeListing_keepsItsRoomUntilItsRequestEnds() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    Use use = client.tryBegin().orElseThrow();
    use.run(() -> Await.read(store.list(EVERYTHING, Freshness.LINEARIZABLE)));

    assertThatThrownBy(() -> budgets.room().forValues(Long.MAX_VALUE >> 10)).isNotNull();

    use.end(0);
    budgets.room().forValues(Long.MAX_VALUE >> 10).close();
  }

  @Test
  void largeValue_forWhichThereIsNoRoom_isRefusedAndNotStored() {
    try (Room.Part all = budgets.room().forValues(Long.MAX_VALUE >> 10)) {
      assertThatThrownBy(() -> Await.change(store.put(PutRequest.of(KEY, LARGE))))
          .isInstanceOf(OverloadedException.class);
      Await.change(store.put(PutRequest.of(Key.of("small"), Bytes.utf8("x"))));
    }

    assertThat(Await.read(whole.list(EVERYTHING, Freshness.LINEARIZABLE)).entries())
        .extracting(entry -> entry.key())
        .containsExactly(Key.of("small"));
  }

  private static TransactionRequest readsOfAll(int times, TransactionOperation... others) {
    return TransactionRequest.of(
        Stream.concat(
                Stream.generate(() -> (TransactionOperation) new ListRange(EVERYTHING))
                    .limit(times),
                Arrays.stream(others))
            .toList());
  }

  private void inUse(Runnable request) {
    Use use = client.tryBegin().orElseThrow();
    use.run(request);
    use.end(0);
  }

  @Test
  void whatATransactionReads_keepsItsRoomUntilItsRequestEnds() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    Use use = client.tryBegin().orElseThrow();

    use.run(() -> Await.change(store.transact(readsOfAll(5))));

    assertThat(budgets.room().takenBytes()).isGreaterThan(5 * 3 * 100_000);
    use.end(0);
    assertThat(budgets.room().takenBytes()).isZero();
  }

  @Test
  void transactionThatReadsTheSameListingTooOften_isRefusedAsOneThatIsTooLarge() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));

    assertThatThrownBy(() -> Await.change(store.transact(readsOfAll(11))))
        .isInstanceOf(LimitExceededException.class);
  }

  /** The whole store, and how often it is listed. */
  private final class CountedLists extends DelegatingStore {
    private final AtomicInteger lists = new AtomicInteger();

    CountedLists() {
      super(whole);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      lists.incrementAndGet();
      return super.list(request, freshness);
    }
  }

  @Test
  void transactionThatWouldReadTooMuch_isRefusedBeforeAllOfItIsLookedUp() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    CountedLists counted = new CountedLists();
    LimitedStore limited = LimitedStore.inOnePiece(counted, 1 << 20, budgets, bound);
    TransactionOperation.Put put = new TransactionOperation.Put(PutRequest.of(KEY, Bytes.EMPTY));

    assertThatThrownBy(() -> Await.change(limited.transact(readsOfAll(100, put))))
        .isInstanceOf(LimitExceededException.class);
    assertThat(counted.lists).hasValueBetween(1, 14);
  }

  @Test
  void whatTheStoreWillNotTake_costsNothingMore_andIsNotLookedUp() {
    CountedLists counted = new CountedLists();
    LimitedStore limited = LimitedStore.inOnePiece(counted, 1 << 20, budgets, bound);
    TransactionOperation.Put put = new TransactionOperation.Put(PutRequest.of(KEY, Bytes.EMPTY));
    Key tooLong = Key.of("k".repeat(whole.limits().maxKeyBytes() + 1));
    List<CompletableFuture<?>> calls = new ArrayList<>();

    int cost =
        cost(
            () -> {
              calls.add(limited.transact(readsOfAll(TransactionRequest.MAX_OPERATIONS, put)));
              calls.add(limited.put(PutRequest.of(tooLong, LARGE)));
              calls.add(limited.delete(DeleteRequest.of(tooLong)));
            });

    assertThat(cost).isEqualTo(1);
    assertThat(counted.lists).hasValue(0);
    for (CompletableFuture<?> call : calls) {
      assertThatThrownBy(() -> Await.change(call)).isInstanceOf(LimitExceededException.class);
    }
  }

  @Test
  void transactionThatWouldReadTooMuch_changesNothing() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    Key other = Key.of("other");
    TransactionOperation.Put put =
        new TransactionOperation.Put(PutRequest.of(other, Bytes.utf8("x")));

    assertThatThrownBy(() -> Await.change(store.transact(readsOfAll(11, put))))
        .isInstanceOf(LimitExceededException.class);
    try (Room.Part all = budgets.room().forValues(Long.MAX_VALUE >> 10)) {
      inUse(
          () ->
              assertThatThrownBy(() -> Await.change(store.transact(readsOfAll(2, put))))
                  .isInstanceOf(OverloadedException.class));
    }

    assertThat(Await.read(whole.get(other, Freshness.LINEARIZABLE)).entry()).isEmpty();
  }

  @Test
  void listingInPieces_keepsOnlyItselfInMemory_andIsRefusedWhereThereIsNoRoom() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    LimitedStore pieces = LimitedStore.inPieces(whole, budgets, bound);
    Use use = Use.ofNobody();

    use.run(() -> Await.read(pieces.list(EVERYTHING, Freshness.LINEARIZABLE)));
    assertThat(budgets.room().takenBytes()).isBetween(90_000L, 110_000L);
    use.end(0);

    try (Room.Part all = budgets.room().forValues(Long.MAX_VALUE >> 10)) {
      inUse(
          () ->
              assertThatThrownBy(() -> Await.read(pieces.list(EVERYTHING, Freshness.LINEARIZABLE)))
                  .isInstanceOf(OverloadedException.class));
    }
  }

  @Test
  void largeValueThatIsRead_keepsItsRoom() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    Use use = client.tryBegin().orElseThrow();

    use.run(() -> Await.read(store.get(KEY, Freshness.LINEARIZABLE)));

    assertThat(budgets.room().takenBytes()).isGreaterThan(3 * 90_000);
    use.end(0);
  }

  @Test
  void listingThatIsLongerInItsAnswer_isCountedAsItIsThere() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    LimitedStore escaping =
        LimitedStore.inOnePiece(whole, 1 << 20, budgets, bound, value -> 6L * value.size());
    Use use = Use.ofNobody();

    use.run(() -> Await.read(escaping.list(EVERYTHING, Freshness.LINEARIZABLE)));

    assertThat(budgets.room().takenBytes()).isGreaterThan(6 * 3 * 95_000);
    use.end(0);
  }

  @Test
  void listingThatIsTooLarge_isRefused() {
    IntStream.range(0, 11)
        .forEach(i -> Await.change(whole.put(PutRequest.of(Key.of("k" + i), LARGE))));

    assertThatThrownBy(() -> Await.read(store.list(EVERYTHING, Freshness.LINEARIZABLE)))
        .isInstanceOf(LimitExceededException.class);
    assertThat(
            Await.read(
                    LimitedStore.inPieces(whole, budgets, bound)
                        .list(EVERYTHING, Freshness.LINEARIZABLE))
                .entries())
        .hasSize(11);
  }

  @Test
  void changeOfALargeValue_takesRoomForTheAnswerFirst() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    PutRequest small = PutRequest.of(KEY, Bytes.utf8("x"));
    try (Room.Part all = budgets.room().forValues(Long.MAX_VALUE >> 10)) {
      assertThatThrownBy(() -> Await.change(store.put(small)))
          .isInstanceOf(OverloadedException.class);
      assertThatThrownBy(() -> Await.change(store.delete(DeleteRequest.of(KEY))))
          .isInstanceOf(OverloadedException.class);
    }
    assertThat(Await.read(whole.get(KEY, Freshness.LINEARIZABLE)).entry().orElseThrow().value())
        .isEqualTo(LARGE);
    Use use = client.tryBegin().orElseThrow();

    use.run(() -> Await.change(store.put(small)));

    assertThat(budgets.room().takenBytes()).isGreaterThan(3 * 90_000);
    use.end(0);
  }

  /** An event loop asks: whoever waits in a call hears that its thread is interrupted. */
  @Test
  void whatIsLarge_waitsForRoomOnAThread() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    List<CompletableFuture<?>> calls = new ArrayList<>();
    try (Room.Part all = budgets.room().forValues(Long.MAX_VALUE >> 10)) {
      Thread.currentThread().interrupt();
      calls.add(store.get(KEY, Freshness.LINEARIZABLE));
      calls.add(store.list(EVERYTHING, Freshness.LINEARIZABLE));
      calls.add(store.put(PutRequest.of(KEY, Bytes.utf8("x"))));
      calls.add(store.put(PutRequest.of(Key.of("other"), LARGE)));
      calls.add(store.delete(DeleteRequest.of(KEY)));
      calls.add(store.transact(readsOfAll(2)));

      assertThat(Thread.interrupted()).isTrue();
      for (CompletableFuture<?> call : calls) {
        assertThatThrownBy(() -> Await.change(call)).isInstanceOf(OverloadedException.class);
      }
    }
  }

  @Test
  void largeValueFromElsewhere_keepsTheRoomOfItsRequest() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    CompletableFuture<Lookup> coming = new CompletableFuture<>();
    KeyValueStore elsewhere =
        new DelegatingStore(whole) {
          @Override
          public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
            return coming;
          }
        };
    LimitedStore limited = LimitedStore.inOnePiece(elsewhere, 1 << 20, budgets, bound);
    Use use = client.tryBegin().orElseThrow();
    AtomicReference<CompletableFuture<Lookup>> asked = new AtomicReference<>();

    use.run(() -> asked.set(limited.get(KEY, Freshness.LINEARIZABLE)));
    coming.complete(Await.read(whole.get(KEY, Freshness.LINEARIZABLE)));

    assertThat(Await.read(asked.get()).entry()).isPresent();
    assertThat(budgets.room().takenBytes()).isGreaterThan(3 * 90_000);
    use.end(0);
    assertThat(budgets.room().takenBytes()).isZero();
  }

  @Test
  void whatIsLarge_isLookedAtByAThread() {
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    LimitedStore measuring =
        LimitedStore.inOnePiece(
            whole,
            1 << 20,
            budgets,
            bound,
            value -> {
              assertThat(Thread.currentThread().isVirtual()).as("measured by a thread").isTrue();
              return value.size();
            });

    Await.read(measuring.get(KEY, Freshness.LINEARIZABLE));
    Await.read(measuring.list(EVERYTHING, Freshness.LINEARIZABLE));
    Await.read(measuring.transact(readsOfAll(1)));
    Await.change(measuring.transact(TransactionRequest.of(new TransactionOperation.Get(KEY))));
    Await.change(
        measuring.transact(
            TransactionRequest.of(
                new TransactionOperation.Put(PutRequest.of(KEY, Bytes.utf8("x"))))));
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    Await.change(measuring.put(PutRequest.of(KEY, Bytes.utf8("x"))));
    Await.change(whole.put(PutRequest.of(KEY, LARGE)));
    assertThat(Await.change(measuring.delete(DeleteRequest.of(KEY))))
        .isInstanceOf(DeleteOutcome.Deleted.class);
  }

  @Test
  void listingThatIsTooLargeAnyway_isRefusedWithoutALookAtItsBytes() {
    IntStream.range(0, 11)
        .forEach(i -> Await.change(whole.put(PutRequest.of(Key.of("k" + i), LARGE))));
    LimitedStore measuring =
        LimitedStore.inOnePiece(
            whole,
            1 << 20,
            budgets,
            bound,
            value -> {
              throw new AssertionError("what is refused is measured");
            });

    assertThatThrownBy(() -> Await.read(measuring.list(EVERYTHING, Freshness.LINEARIZABLE)))
        .isInstanceOf(LimitExceededException.class);
  }
}
