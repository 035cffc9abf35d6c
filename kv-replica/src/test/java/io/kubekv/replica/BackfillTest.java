package io.kubekv.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.engine.EngineStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of the time before its history a replica takes all that the holder remembers, or nothing. */
class BackfillTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final EngineStore holder = EngineStore.inMemory();
  private final BlockingQueue<List<Long>> taken = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    holder.close();
  }

  /** A replica whose history begins after a revision. */
  private LocalReplica begunAfter(Revision base) {
    return (LocalReplica)
        Proxy.newProxyInstance(
            LocalReplica.class.getClassLoader(),
            new Class<?>[] {LocalReplica.class},
            (self, method, given) ->
                switch (method.getName()) {
                  case "historyBase" -> base;
                  case "isFilled" -> true;
                  case "backfill" -> taken.add(revisions((List<?>) given[2]));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static List<Long> revisions(List<?> events) {
    return events.stream().map(event -> ((WatchEvent) event).revision().value()).toList();
  }

  private void fill(Revision base) {
    for (int i = 1; i <= 3; i++) {
      Await.change(holder.put(PutRequest.of(Key.of("a"), Bytes.utf8("v" + i))));
    }
    Backfill backfill = new Backfill(begunAfter(base));
    backfill.start(holder, base);
    long end = System.nanoTime() + SOON.toNanos();
    while (!backfill.isDone() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(backfill.isDone()).isTrue();
  }

  @Test
  void holderThatHasAll_isAskedForWhatWasUpToTheBase() {
    fill(new Revision(3)); // the first put has 2

    assertThat(taken).containsExactly(List.of(2L, 3L));
  }

  /** Another process may answer by now where the holder was that had announced more. */
  @Test
  void holderThatIsBehindTheBase_givesNothing() {
    fill(new Revision(5));

    assertThat(taken).isEmpty();
  }
}
