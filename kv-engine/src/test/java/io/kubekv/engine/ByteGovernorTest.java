package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ByteGovernorTest {
  private static final Key KEY = Key.of("a");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  private ByteGovernor governor(long perSecond, long burst) {
    return new ByteGovernor(new ByteRate(perSecond, burst), nanos::get, written::get);
  }

  private void write(long bytes) {
    written.addAndGet(bytes);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void burst_isThereInTheBeginningAndThenTheRate() {
    ByteGovernor governor = governor(100, 1_000);
    write(999);
    assertThat(governor.pause()).isEmpty();
    write(201);

    assertThat(governor.pause().orElseThrow()).isBetween(millis(2_009), millis(2_011));
    pass(millis(2_011));
    assertThat(governor.pause()).isEmpty();
    write(100);
    assertThat(governor.pause()).isPresent();
  }

  @Test
  void stock_growsToTheBurstAndNoFurther() {
    ByteGovernor governor = governor(100, 1_000);
    pass(Duration.ofDays(1));
    assertThat(governor.pause()).isEmpty();
    write(1_000);

    assertThat(governor.pause()).isPresent();
  }

  @Test
  void unlimited_neverPauses() {
    ByteGovernor governor = new ByteGovernor(ByteRate.UNLIMITED, nanos::get, written::get);
    write(Long.MAX_VALUE / 2);
    pass(Duration.ofSeconds(1));

    assertThat(governor.pause()).isEmpty();
  }

  @Test
  void pause_forMoreThanIsWritten_isThatOfBoth() {
    ByteGovernor governor = governor(100, 1_000);
    write(500);

    assertThat(governor.pause(499)).isEmpty();
    assertThat(governor.pause(700).orElseThrow()).isBetween(millis(2_009), millis(2_011));
    assertThat(governor.pause()).isEmpty();
  }

  /** A store whose log may bear a burst of 10,000 bytes. */
  private EngineStore store(long perSecond) {
    return store(new MemoryLog(), perSecond);
  }

  private EngineStore store(MemoryLog log, long perSecond) {
    return EngineStore.open(
        log.client(new PlainLink()),
        new TestLease(true),
        EngineSettings.DEFAULT
            .withPatience(Duration.ofSeconds(5))
            .withLogRate(new ByteRate(perSecond, 10_000))
            .withClocks(() -> Instant.EPOCH, nanos::get));
  }

  /** Bytes that cannot be packed. */
  private static Bytes bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  private static long version(EngineStore store) {
    return Await.read(store.get(KEY, Freshness.LINEARIZABLE)).entry().orElseThrow().version();
  }

  @Test
  void change_thatWouldWaitForTooLong_isRefusedWithATimeAndChangesNothing() {
    try (EngineStore store = store(1_000)) {
      PutRequest put = PutRequest.of(KEY, bytes(20_000));
      Await.change(store.put(put));

      assertThatThrownBy(() -> Await.change(store.put(put)))
          .isInstanceOfSatisfying(
              OverloadedException.class,
              refused -> assertThat(refused.retryAfter()).isGreaterThan(Duration.ofSeconds(9)));

      assertThat(version(store)).isEqualTo(1);
      pass(Duration.ofSeconds(30));
      Await.change(store.put(put));
    }
  }

  @Test
  void change_whileALittleTooMuchIsWritten_waitsAndIsNotRefused() throws Exception {
    try (EngineStore store = store(20_000)) {
      PutRequest put = PutRequest.of(KEY, bytes(20_000));
      Await.change(store.put(put));

      List<CompletableFuture<?>> waiting =
          List.of(
              store.put(PutRequest.of(KEY, bytes(10))), store.put(PutRequest.of(KEY, bytes(10))));

      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      assertThat(version(store)).isEqualTo(1);
      pass(Duration.ofSeconds(1));
      for (CompletableFuture<?> change : waiting) {
        change.get(10, TimeUnit.SECONDS);
      }
      assertThat(version(store)).isEqualTo(3);
    }
  }

  @Test
  void change_behindMoreThanTheLogTakesInTime_isRefused() {
    try (EngineStore store = store(20_000)) {
      PutRequest put = PutRequest.of(KEY, bytes(20_000));
      Await.change(store.put(put));
      CompletableFuture<?> waits = store.put(put);

      assertThatThrownBy(() -> Await.change(store.put(put)))
          .isInstanceOf(OverloadedException.class);

      assertThat(waits).isNotDone();
    }
  }

  private static Optional<WatchEvent> firstChange(Watch watch, Duration within)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    Optional<WatchEvent> event;
    do {
      event = watch.next(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } while (event.filter(WatchEvent.Progress.class::isInstance).isPresent());
    return event;
  }

  @Test
  void endByItsTime_doesNotWaitUntilTheLogHasRested() throws Exception {
    Key other = Key.of("other");
    try (EngineStore store = store(1_000)) {
      var unused2 =
          store.put(PutRequest.of(other, bytes(10)).withTimeToLive(Duration.ofSeconds(2)));
      var unused = store.put(PutRequest.of(KEY, bytes(20_000)));
      try (Watch watch = store.watch(WatchRequest.fromNow(new Range.Exact(other)))) {
        pass(Duration.ofSeconds(3));

        // what asks for it is refused, since the log has to rest for seven seconds more
        assertThat(store.endWhatIsDue()).failsWithin(Duration.ofSeconds(10));

        // and no more time passes for it
        assertThat(firstChange(watch, Duration.ofSeconds(30)))
            .get()
            .isInstanceOfSatisfying(
                WatchEvent.Delete.class, gone -> assertThat(gone.cause()).isEqualTo(Cause.EXPIRE));
      }
    }
  }

  @Test
  void recordOfTheClock_waitsUntilTheLogHasRested() {
    MemoryLog log = new MemoryLog();
    try (EngineStore store = store(log, 20_000)) {
      Duration time = millis(1_200);
      Await.change(store.put(PutRequest.of(Key.of("o"), bytes(10)).withTimeToLive(time)));
      Await.change(store.put(PutRequest.of(KEY, bytes(20_000))));
      int before = log.entries().size();
      pass(millis(150));

      CompletableFuture<?> asked = store.endWhatIsDue();

      assertThat(asked).as("what waits for the record").isNotDone();
      assertThat(log.entries()).hasSize(before);
      pass(millis(900));
      assertThat(asked).succeedsWithin(Duration.ofSeconds(10));
      assertThat(log.entries()).hasSizeGreaterThan(before);
    }
  }

  @Test
  void whatIsPacked_countsAsItIsKept() {
    try (EngineStore store = store(1_000)) {
      PutRequest put = PutRequest.of(KEY, Bytes.copyOf(new byte[20_000]));

      for (int i = 0; i < 20; i++) {
        Await.change(store.put(put));
      }

      assertThat(version(store)).isEqualTo(20);
    }
  }
}
