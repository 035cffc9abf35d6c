package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.ListRequest;
import io.kubekv.OverloadedException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.log.LogEntry;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change that is larger than an entry of the log may be. */
class LargeChangeTest {
  private final MemoryLog log = new MemoryLog(Integer.MAX_VALUE, 16 << 10);
  private final EngineStore store =
      EngineStore.open(log.client(new PlainLink()), new TestLease(true), EngineSettings.DEFAULT);

  @AfterEach
  void close() {
    store.close();
  }

  private int count(Range range) {
    return Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)).entries().size();
  }

  private static Bytes noise(int seed, int size) {
    byte[] noise = new byte[size];
    new Random(seed).nextBytes(noise);
    return Bytes.copyOf(noise);
  }

  private List<LogEntry> since(int before) {
    return log.allEntries().subList(before, log.allEntries().size());
  }

  @Test
  void transactionOf64LargeValues_happensAtOnceAndIsReadBack() {
    List<TransactionOperation> puts =
        IntStream.range(0, 64)
            .<TransactionOperation>mapToObj(
                i -> new TransactionOperation.Put(PutRequest.of(Key.of("k" + i), noise(i, 10_000))))
            .toList();
    int before = log.allEntries().size();

    TransactionOutcome outcome =
        Await.change(
            store.transact(TransactionRequest.of(puts.toArray(TransactionOperation[]::new))));

    assertThat(outcome).isInstanceOf(TransactionOutcome.Committed.class);
    assertThat(since(before)).hasSizeGreaterThan(30);
    assertThat(since(before)).filteredOn(LogEntry::isWhole).hasSize(1);
    try (EngineStore next =
        EngineStore.open(
            log.client(new PlainLink()), new TestLease(true), EngineSettings.DEFAULT)) {
      assertThat(
              Await.read(next.get(Key.of("k63"), Freshness.LINEARIZABLE))
                  .entry()
                  .orElseThrow()
                  .value())
          .isEqualTo(noise(63, 10_000));
    }
  }

  private static TransactionRequest puts(int count) {
    return TransactionRequest.of(
        IntStream.range(0, count)
            .mapToObj(
                i -> new TransactionOperation.Put(PutRequest.of(Key.of("k" + i), noise(i, 10_000))))
            .toArray(TransactionOperation[]::new));
  }

  private static PutOutcome putSmall(EngineStore store) {
    return Await.change(store.put(PutRequest.of(Key.of("small"), Bytes.EMPTY)));
  }

  @Test
  void changeForWhichTheLogHasNoRoom_isRefused_andOthersGoOn() {
    MemoryLog small = new MemoryLog(10, 16 << 10);
    try (EngineStore narrow =
        EngineStore.open(
            small.client(new PlainLink()), new TestLease(true), EngineSettings.DEFAULT)) {
      assertThatThrownBy(() -> Await.change(narrow.transact(puts(20))))
          .isInstanceOf(LimitExceededException.class);
      assertThat(putSmall(narrow)).isInstanceOf(PutOutcome.Stored.class);
    }
  }

  /** No snapshot can be taken between parts: those of changes given up must not fill the log. */
  @Test
  void fullLogBetweenParts_againAndAgain_leavesRoomForOthers() {
    MemoryLog small = new MemoryLog(10, 16 << 10);
    MemoryLog.Link fullAfterAPart =
        new PlainLink() {
          @Override
          public void carry(Runnable message) {
            message.run();
            List<LogEntry> entries = small.entries();
            small.setFull(!entries.isEmpty() && !entries.getLast().isWhole());
          }
        };
    try (EngineStore narrow =
        EngineStore.open(
            small.client(fullAfterAPart), new TestLease(true), EngineSettings.DEFAULT)) {
      for (int i = 0; i < 12; i++) {
        assertThatThrownBy(() -> Await.change(narrow.transact(puts(4))))
            .isInstanceOf(OverloadedException.class);
        small.setFull(false);
      }

      assertThat(putSmall(narrow)).isInstanceOf(PutOutcome.Stored.class);
    }
  }

  @Test
  void deleteOfManyKeys_isOneChange() {
    for (int i = 0; i < 1_000; i++) {
      Await.change(store.put(PutRequest.of(Key.of("tree/%030d".formatted(i)), Bytes.EMPTY)));
    }
    int before = log.allEntries().size();

    assertThat(
            Await.change(store.deleteRange(new Range.WithPrefix(Key.of("tree").below()))).count())
        .isEqualTo(1_000);

    assertThat(count(Range.all())).isZero();
    assertThat(since(before)).filteredOn(LogEntry::isWhole).hasSize(1);
  }
}
