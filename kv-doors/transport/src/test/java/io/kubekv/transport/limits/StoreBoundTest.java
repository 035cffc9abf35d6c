package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Naming;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.ManualTicker;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.StoreBound;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A store of ten thousand bytes. */
final class StoreBoundTest {
  private static final int MAX = 10_000;
  private static final Key KEY = Key.of("key");

  private final Budgets budgets =
      new Budgets(new ClientLimits(0, 1, 0, 1000, 10, 10, Duration.ZERO), 10, new ManualTicker());
  private final EngineStore whole = EngineStore.inMemory();
  private final StoreBound bound = new StoreBound(whole, MAX, budgets.hits());
  private final LimitedStore store = LimitedStore.inOnePiece(whole, 1 << 20, budgets, bound);

  @AfterEach
  void close() {
    whole.close();
    budgets.close();
  }

  private static PutRequest value(Key key, int bytes) {
    return PutRequest.of(key, Bytes.utf8("x".repeat(bytes)));
  }

  private static void refuses(Runnable change) {
    LimitExceededException over = catchThrowableOfType(LimitExceededException.class, change::run);
    assertThat(over).isNotNull();
    assertThat(over.limit()).isEqualTo("store size");
    assertThat(over.unit()).isEqualTo("bytes");
    assertThat(over.allowed()).isEqualTo(MAX);
    assertThat(over.actual()).isGreaterThan(MAX);
  }

  @Test
  void whatAdds_isRefusedWhenFull_andStoresNothing() {
    Await.change(store.put(value(KEY, 6000)));

    refuses(() -> Await.change(store.put(value(Key.of("other"), 3000))));
    refuses(() -> Await.change(store.put(value(KEY, 9500))));
    refuses(
        () ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.Put(value(Key.of("a"), 1500)),
                        new TransactionOperation.Put(value(Key.of("b"), 1500))))));
    refuses(
        () ->
            Await.change(store.sessions().create(SessionSpec.random().withNote("n".repeat(3000)))));

    assertThat(whole.status().entries()).isEqualTo(1);
    assertThat(whole.status().bytes()).isBetween(6000L, 7000L);
  }

  @Test
  void keysWithoutValues_areCountedToo() {
    IntStream.range(0, 13).forEach(i -> Await.change(store.put(value(Key.of("k" + i), 0))));

    refuses(() -> Await.change(store.put(value(Key.of("k13"), 0))));
  }

  @Test
  void madeParents_areCountedToo() {
    PutRequest deep = value(Key.of("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o"), 1).withLayout(Layout.TREE);

    refuses(() -> Await.change(store.put(deep)));
    Await.change(store.put(value(Key.of("a/b/c/d/e/f/g/h"), 1).withLayout(Layout.TREE)));
  }

  @Test
  void whatAddsNothing_passesWhenFull_alsoWhenFarOver() {
    Await.change(whole.put(value(KEY, 20_000)));

    Await.change(store.put(value(KEY, 20_000)));
    Await.change(store.put(value(KEY, 0).withMode(PutMode.REFRESH)));
    Await.change(store.put(value(KEY, 19_999)));
    Await.change(store.delete(DeleteRequest.of(KEY)));

    assertThat(Await.change(store.put(value(KEY, 5000)))).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void transactionThatAddsLessThanItDeletes_passesWhenFull() {
    Key other = Key.of("other");
    Await.change(whole.put(value(KEY, 5000)));
    Await.change(whole.put(value(other, 6000)));

    Await.change(
        store.transact(
            TransactionRequest.of(
                new TransactionOperation.Delete(DeleteRequest.of(KEY)),
                new TransactionOperation.Put(value(Key.of("new"), 1000)))));
    refuses(
        () ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.Delete(DeleteRequest.of(other)),
                        new TransactionOperation.Delete(DeleteRequest.of(other)),
                        new TransactionOperation.Put(value(KEY, 9500))))));

    assertThat(whole.status().entries()).isEqualTo(2);
  }

  @Test
  void putThatTheStoreNames_replacesNothing() {
    Prefix queue = new Prefix("q/");
    Key place = PutRequest.of(Key.of("q"), Bytes.EMPTY).withNaming(queue, Naming.REVISION).key();
    Await.change(whole.put(value(place, 9900)));
    PutRequest named = value(Key.of("q"), 5000).withNaming(queue, Naming.REVISION);

    refuses(() -> Await.change(store.put(named)));
    refuses(() -> transact(new TransactionOperation.Put(named)));
    transact(
        new TransactionOperation.Delete(DeleteRequest.of(place)),
        new TransactionOperation.Put(named));

    assertThat(whole.status().entries()).isEqualTo(1);
  }

  @Test
  void sideOfAChoiceThatIsNotTaken_makesNoRoom() {
    Key other = Key.of("other");
    Await.change(whole.put(value(KEY, 9900)));
    TransactionOperation adds = new TransactionOperation.Put(value(other, 5000));
    TransactionOperation shrinks = new TransactionOperation.Put(value(KEY, 0));

    refuses(() -> transact(choice(List.of(adds), List.of(shrinks))));
    refuses(() -> transact(choice(List.of(), List.of(shrinks)), adds));
    refuses(() -> transact(choice(List.of(adds), List.of()), choice(List.of(), List.of(shrinks))));
    assertThat(whole.status().entries()).isEqualTo(1);

    transact(choice(List.of(shrinks), List.of()));
    transact(choice(List.of(adds), List.of(shrinks)));
  }

  @Test
  void keyThatIsPutTwice_isReplacedOnce() {
    Key other = Key.of("other");
    Await.change(whole.put(value(KEY, 9900)));
    TransactionOperation shrinks = new TransactionOperation.Put(value(KEY, 4000));
    TransactionOperation adds = new TransactionOperation.Put(value(other, 9000));

    refuses(() -> transact(shrinks, shrinks, adds));
    refuses(() -> transact(shrinks, choice(List.of(shrinks, adds), List.of())));
    refuses(
        () ->
            transact(
                choice(List.of(shrinks, shrinks), List.of()),
                choice(List.of(shrinks, adds), List.of())));
    assertThat(whole.status().entries()).isEqualTo(1);

    transact(shrinks, shrinks);
  }

  private void transact(TransactionOperation... operations) {
    Await.change(store.transact(TransactionRequest.of(operations)));
  }

  /** One whose first side is taken. */
  private static TransactionOperation choice(
      List<TransactionOperation> then, List<TransactionOperation> otherwise) {
    return new TransactionOperation.Choice(List.of(), then, otherwise);
  }

  @Test
  void thatThereIsRoomAgain_isToldOnce() {
    Logger log = (Logger) LoggerFactory.getLogger(StoreBound.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.setLevel(Level.INFO); // tests log warnings alone
    log.addAppender(lines);
    try {
      refuses(() -> Await.change(store.put(value(KEY, MAX))));
      Await.change(store.put(value(KEY, 1)));
      Await.change(store.put(value(KEY, 2)));
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }

    assertThat(lines.list)
        .extracting(line -> line.getFormattedMessage().split(":")[0])
        .containsExactly("the store is full", "the store has room again");
  }

  @Test
  void thoseWhoComeTogether_neverPassTheBoundTogether() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> puts =
          IntStream.range(0, 200)
              .mapToObj(i -> (Callable<Boolean>) () -> isPut(Key.of("k" + i)))
              .toList();
      long stored = 0;
      for (Future<Boolean> put : threads.invokeAll(puts)) {
        stored += put.get() ? 1 : 0;
      }

      assertThat(stored).isPositive().isEqualTo(whole.status().entries());
      assertThat(whole.status().bytes()).isLessThanOrEqualTo(MAX);
    }
    Await.change(whole.put(value(KEY, MAX)));
    assertThatThrownBy(() -> Await.change(store.put(value(Key.of("late"), 0))))
        .hasMessageContainingAll("store size is", "at most 10000 allowed");
  }

  private boolean isPut(Key key) {
    try {
      return Await.change(store.put(value(key, 500))) instanceof PutOutcome.Stored;
    } catch (LimitExceededException full) {
      return false;
    }
  }

  private static TransactionOperation described(int bytes) {
    return new TransactionOperation.SetMetadata(
        KEY, OptionalInt.empty(), Bytes.utf8("x".repeat(bytes)));
  }

  @Test
  void metadata_thatIsSetSeveralTimes_goesAwayOnce() {
    Await.change(store.put(value(KEY, 1)));
    Await.change(store.transact(TransactionRequest.of(described(4000))));

    refuses(
        () ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        described(4000),
                        described(4000),
                        new TransactionOperation.Put(value(Key.of("other"), 5000))))));
    Await.change(store.transact(TransactionRequest.of(described(5000))));
  }

  @Test
  void metadata_ofWhatIsReplaced_stays() {
    Await.change(store.put(value(KEY, 1)));
    Await.change(store.transact(TransactionRequest.of(described(4000))));

    refuses(
        () ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.Put(value(KEY, 1).withMode(PutMode.REPLACE)),
                        new TransactionOperation.Put(value(Key.of("other"), 5000))))));
    Await.change(store.put(value(Key.of("other"), 3000)));
  }

  @Test
  void metadata_ofWhatIsMadeAgain_isCounted() {
    Await.change(store.put(value(KEY, 1)));

    refuses(
        () ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.Delete(DeleteRequest.of(KEY)),
                        new TransactionOperation.Put(
                            value(KEY, 1).withMetadata(Bytes.utf8("x".repeat(MAX))))))));
  }
}
