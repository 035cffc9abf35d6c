package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.state.Change;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is left of a time to live survives take-overs: never early, and late by no more than a
 * quarter of it, or five seconds, for each.
 */
class TakeOverTimesTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Key KEY = Key.of("a");

  private final MemoryLog log = new MemoryLog();
  private final SlowLink link = new SlowLink();
  private final DrivenTime time = new DrivenTime(this::passed);
  private EngineStore store = open();

  private EngineStore open() {
    return EngineStore.open(
        log.client(link), new TestLease(true), time.drives(EngineSettings.DEFAULT));
  }

  private void passed() {
    boolean unused = store.endWhatIsDue().join();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void takeOver() {
    store.close();
    store = open();
  }

  /** How long something lives, in seconds, when the holder dies again and again. */
  private double livesFor(BooleanSupplier alive, Duration every, Duration atMost) {
    long steps = atMost.dividedBy(STEP);
    for (long step = 1; step <= steps; step++) {
      time.advance(STEP);
      if (!alive.getAsBoolean()) {
        return step * STEP.toMillis() / 1_000.0;
      }
      if (step % every.dividedBy(STEP) == 0) {
        takeOver();
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private void put(String key, Duration timeToLive) {
    Await.change(store.put(PutRequest.of(Key.of(key), Bytes.EMPTY).withTimeToLive(timeToLive)));
  }

  private boolean isThere() {
    return Await.read(store.get(KEY, Freshness.LINEARIZABLE)).entry().isPresent();
  }

  @Test
  void endOfAnEntry_isToldWithHowLateItIs_andNoEndThatChangesNothing() {
    List<Duration> told = new CopyOnWriteArrayList<>();
    store.onExpiry(told::add);
    put("a", Duration.ofSeconds(2));
    put("kept", Duration.ofSeconds(2));
    Await.change(store.put(PutRequest.of(Key.of("kept"), Bytes.EMPTY)));

    time.advance(Duration.ofSeconds(5));

    assertThat(told).containsExactly(Duration.ofSeconds(3));
  }

  private SessionId begin(Duration timeToLive) {
    return Await.change(
            store.sessions().create(SessionSpec.of(SessionId.random()).withTimeToLive(timeToLive)))
        .id();
  }

  private boolean lives(SessionId id) {
    return Await.read(store.sessions().get(id, Freshness.LINEARIZABLE)).session().isPresent();
  }

  @Test
  void holderDiesEvery8Seconds_keyOf20SecondsEndsWithin40() {
    put("a", Duration.ofSeconds(20));

    assertThat(livesFor(this::isThere, Duration.ofSeconds(8), Duration.ofSeconds(60)))
        .isBetween(20.0, 40.0);
  }

  @Test
  void killedAt9Seconds_keyOf12IsGoneBy18() {
    put("a", Duration.ofSeconds(12));

    assertThat(livesFor(this::isThere, Duration.ofSeconds(9), Duration.ofSeconds(60)))
        .isBetween(12.0, 18.0);
  }

  /** A session ends when twice its time to live has passed. */
  @Test
  void holderDiesEvery8Seconds_sessionOf20SecondsEnds() {
    SessionId id = begin(Duration.ofSeconds(20));

    assertThat(livesFor(() -> lives(id), Duration.ofSeconds(8), Duration.ofSeconds(100)))
        .isBetween(40.0, 40.0 + 20 * 2 / 3.0 + 7 * 5);
  }

  /** Time begins when it is decided: its end must not come behind it in the log. */
  @Test
  void sessionThatIsTakenUp_livesOn_howeverLateTheLogAnswers() {
    SessionSpec spec = SessionSpec.random().withTimeToLive(Duration.ofSeconds(20));
    SessionId id = Await.change(store.sessions().create(spec.withSpan(SessionSpan.ONCE))).id();
    time.advance(Duration.ofSeconds(19));
    link.slow();
    CompletableFuture<Optional<Session>> takenUp = store.sessions().takeUp(id);
    assertThat(takenUp).isNotDone();

    time.pass(Duration.ofSeconds(2));
    CompletableFuture<Boolean> ended = store.endWhatIsDue();
    link.quick();

    assertThat(ended).succeedsWithin(SOON);
    assertThat(Await.change(takenUp)).isPresent();
    assertThat(lives(id)).isTrue();
  }

  /** Its keys go with it, whoever holds the log then. */
  @Test
  void holderDiesEvery8Seconds_sessionOf20SecondsThatLivesOnceEndsWithItsKeys() {
    SessionSpec spec = SessionSpec.random().withTimeToLive(Duration.ofSeconds(20));
    SessionId id = Await.change(store.sessions().create(spec.withSpan(SessionSpan.ONCE))).id();
    Await.change(store.put(PutRequest.of(KEY, Bytes.EMPTY).withAttachment(new Attachment.To(id))));

    assertThat(livesFor(this::isThere, Duration.ofSeconds(8), Duration.ofSeconds(100)))
        .isBetween(20.0, 20.0 + 20 * 2 / 3.0 + 4 * 5);

    assertThat(lives(id)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyTakeOvers_neverEarlyAndLateByLittle(int seed) {
    Random random = new Random(seed);
    double length = 2 + random.nextInt(60);
    double every = 1 + random.nextInt(12);
    double slack = Math.min(length / 4, 5);
    // a holder that lives shorter than what may be lost gets nowhere
    if (every <= slack + 0.2) {
      every += slack;
    }
    Duration whole = Duration.ofMillis((long) (length * 1_000));
    time.advance(Duration.ofMillis(random.nextInt(3_000)));
    put("a", whole);

    double lived =
        livesFor(this::isThere, Duration.ofMillis((long) (every * 1_000)), Duration.ofMinutes(5));

    assertThat(lived).isGreaterThanOrEqualTo(length);
    assertThat(lived).isLessThanOrEqualTo(length + Math.floor(lived / every) * slack + 0.2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sessionThatIsRenewedNowAndThen_neverEndsEarly(int seed) {
    Random random = new Random(seed);
    int length = 4 + random.nextInt(30);
    SessionId id = new SessionId(new UUID(random.nextLong(), random.nextLong()));
    Await.change(
        store.sessions().create(SessionSpec.of(id).withTimeToLive(Duration.ofSeconds(length))));
    double silent = 0;
    double takeOvers = 0;
    while (lives(id)) {
      time.advance(STEP);
      silent += 0.1;
      if (random.nextInt(50) == 0) {
        takeOver();
        takeOvers++;
      }
      if (random.nextInt(length * 10) == 0
          && Await.change(store.sessions().renew(id)).isPresent()) {
        silent = 0;
        takeOvers = 0;
      }
    }

    assertThat(silent).isGreaterThanOrEqualTo(2 * length - 0.001);
    double first = length * 2 / 3.0;
    assertThat(silent)
        .isLessThanOrEqualTo(2 * length + first + takeOvers * Math.min(length / 4.0, 5) + 0.2);
  }

  static IntStream seeds() {
    return IntStream.range(0, 40);
  }

  private List<Change> changes() {
    return log.allEntries().stream()
        .flatMap(entry -> entry.commits().stream())
        .flatMap(commit -> commit.changes().stream())
        .toList();
  }

  @Test
  void renewals_areNotWritten() {
    List<SessionId> all =
        IntStream.range(0, 50).mapToObj(i -> begin(Duration.ofSeconds(10))).toList();
    for (int seconds = 0; seconds < 60; seconds += 5) {
      time.advance(Duration.ofSeconds(5));
      assertThat(all).allMatch(id -> Await.change(store.sessions().renew(id)).isPresent());
    }

    assertThat(changes()).noneMatch(Change.Renewed.class::isInstance);
  }

  @Test
  void renewalAfterATakeOver_isWrittenOnceWhereTheEndWasRecorded() {
    SessionId id = begin(Duration.ofSeconds(10));
    takeOver();
    for (int seconds = 0; seconds < 60; seconds += 5) {
      for (int step = 0; step < 50; step++) {
        time.advance(STEP);
      }
      assertThat(Await.change(store.sessions().renew(id))).isPresent();
    }

    assertThat(changes()).filteredOn(Change.Renewed.class::isInstance).hasSize(1);
  }

  @Test
  void manyKeysOfLongTimes_oneSmallRecordForAll() {
    for (int i = 0; i < 1_000; i++) {
      put("k" + i, Duration.ofMinutes(5));
    }
    int before = log.allEntries().size();
    for (int step = 0; step < 600; step++) {
      time.advance(STEP);
    }

    List<LogEntry> records = log.allEntries().subList(before, log.allEntries().size());
    assertThat(records).hasSizeBetween(20, 24);
    assertThat(records).allMatch(entry -> entry.bytes() < 250);
  }

  @Test
  void nothingThatEnds_nothingIsRecorded() {
    Await.change(store.put(PutRequest.of(KEY, Bytes.EMPTY)));
    int before = log.allEntries().size();
    time.advance(Duration.ofMinutes(5));

    assertThat(log.allEntries()).hasSize(before);
  }
}
