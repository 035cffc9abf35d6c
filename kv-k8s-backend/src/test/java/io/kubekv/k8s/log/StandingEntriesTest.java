package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of what no snapshot needs any more stays in the ring. */
class StandingEntriesTest {
  private static final int SLOTS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final LogOnServer server = new LogOnServer(SLOTS);
  private final LogAuthor author = LogAuthor.begin();

  @AfterEach
  void close() {
    server.close();
  }

  private Log open(long mostStandingBytes) {
    Log log =
        server.client(
            server
                .settings()
                .withRequestTimeout(PATIENCE)
                .withMostStandingBytes(mostStandingBytes));
    Log.Recovered unused = log.open().join();
    return log;
  }

  private void append(Log log, int count) {
    for (int i = 0; i < count; i++) {
      LogEntry entry = author.next("value " + author.root().position());
      Awaitility.await()
          .atMost(PATIENCE)
          .ignoreException(CompletionException.class)
          .until(() -> log.append(entry).join() instanceof Log.Appended.Ours);
      LogEntry unused = author.accept(entry);
    }
  }

  private List<Long> standing() {
    return server.admin().list(LogKinds.SLOT, true).join().objects().stream()
        .filter(object -> !object.spec().path("entry").asString("").isEmpty())
        .map(object -> object.spec().path("position").asLong())
        .sorted()
        .toList();
  }

  private static Long[] positions(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toArray(Long[]::new);
  }

  @Test
  void entriesThatNeitherOfTwoSnapshotsNeeds_go_whenThereIsTooMuch() {
    Log log = open(1);
    append(log, 4);
    log.snapshot(author.root()).join();
    assertThat(standing()).containsExactly(positions(1, 4)); // the first snapshot may yet be harmed
    append(log, 4);

    log.snapshot(author.root()).join();

    assertThat(standing()).containsExactly(positions(5, 8));
    assertThat(server.client().open().join())
        .isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  /** As is done where something in the log was harmed: then most of all both are needed. */
  @Test
  void snapshotTakenAgain_leavesWhatTheOneBeforeItNeeds() {
    Log log = open(1);
    append(log, 4);
    log.snapshot(author.root()).join();
    append(log, 4);
    log.snapshot(author.root()).join();

    log.snapshot(author.root()).join();

    assertThat(standing()).containsExactly(positions(5, 8));
  }

  @Test
  void slotsThatWereEmptied_areUsedAgain() {
    Log log = open(1);
    for (int i = 0; i < 14; i++) {
      append(log, SLOTS / 10);
      log.snapshot(author.root()).join();
    }

    append(log, 1);

    assertThat(standing()).contains(author.root().position()).hasSizeLessThan(SLOTS);
    assertThat(server.client().open().join().entries())
        .extracting(LogEntry::position)
        .containsExactly(author.root().position());
  }

  @Test
  void entries_stay_whileThereIsNotTooMuch() {
    Log log = open(1 << 20);
    for (int i = 0; i < 3; i++) {
      append(log, 4);
      log.snapshot(author.root()).join();
    }

    assertThat(standing()).containsExactly(positions(1, 12));
  }
}
