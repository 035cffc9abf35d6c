package io.kubekv.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every promise of {@link Log}, for whoever keeps one. */
public abstract class LogContract {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int ROOM = 16;

  /** A full log may have more room than was asked for, but not for ever. */
  private static final int MOST_ROOM = 64 * ROOM;

  private LogUnderTest under;
  private LogAuthor author;
  private Log log;

  /**
   * Makes an empty log.
   *
   * @param room how many small entries it takes above its snapshot before it is full, or a few more
   */
  protected abstract LogUnderTest open(int room);

  @BeforeEach
  void begin() {
    under = open(ROOM);
    author = LogAuthor.begin();
    log = opened(under.client());
  }

  /** Where there is nothing to open a log on, the test is skipped, and there is none. */
  @AfterEach
  void end() {
    if (under != null) {
      under.close();
    }
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** As whoever uses a log does before anything else. */
  private static Log opened(Log log) {
    Log.Recovered unused = recovered(log);
    log.follow(0, new Heard());
    return log;
  }

  /** What is in the log, asked until it says so. */
  private static Log.Recovered recovered(Log log) {
    return Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(() -> get(log.open()), all -> true);
  }

  /** Sends an entry until the answer is one. */
  private static Log.Appended append(Log log, LogEntry entry) {
    return Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(() -> get(log.append(entry)), all -> true);
  }

  private LogEntry append(String value) {
    LogEntry entry = author.next(value);
    assertThat(append(log, entry)).isEqualTo(new Log.Appended.Ours());
    return author.accept(entry);
  }

  private List<LogEntry> appendSome(int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(append("value " + i));
    }
    return entries;
  }

  private void snapshot(Log by) {
    Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(
            () -> {
              Void unused = get(by.snapshot(author.root()));
              return true;
            });
  }

  @Test
  void emptyLog_holdsNothing() {
    assertThat(recovered(log)).isEqualTo(new Log.Recovered(Root.EMPTY, List.of()));
  }

  @Test
  void appended_isOursAndStaysForOthers() {
    LogEntry entry = author.next("value");

    assertThat(append(log, entry)).isEqualTo(new Log.Appended.Ours());

    assertThat(recovered(under.client()).entries()).containsExactly(entry);
  }

  @Test
  void sameEntryTwice_takesEffectOnce() {
    Heard heard = new Heard();
    log.follow(0, heard);
    LogEntry entry = append("value");

    assertThat(append(log, entry)).isEqualTo(new Log.Appended.Ours());
    LogEntry next = append("next");

    assertThat(heard.await(2)).containsExactly(entry, next);
    assertThat(recovered(log).entries()).containsExactly(entry, next);
  }

  @Test
  void positionOfAnother_isTaken() {
    LogEntry late = author.fork().next("late");
    LogEntry first = append("first");

    assertThat(append(opened(under.client()), late)).isEqualTo(new Log.Appended.Taken());

    assertThat(recovered(log).entries()).containsExactly(first);
  }

  @Test
  void twoAtOnePosition_oneOfThemStands() {
    Log other = opened(under.client());
    for (int i = 0; i < ROOM / 2; i++) {
      LogEntry mine = author.next("mine");
      LogEntry others = author.fork().next("other's");
      CompletableFuture<Log.Appended> first = log.append(mine);
      CompletableFuture<Log.Appended> second = other.append(others);
      Log.Appended ofMine = first.exceptionally(unknown -> append(log, mine)).join();
      Log.Appended ofOthers = second.exceptionally(unknown -> append(other, others)).join();

      assertThat(List.of(ofMine, ofOthers))
          .containsExactlyInAnyOrder(new Log.Appended.Ours(), new Log.Appended.Taken());
      LogEntry stands = ofMine instanceof Log.Appended.Ours ? mine : others;
      assertThat(recovered(log).entries().getLast()).isEqualTo(stands);
      author.accept(stands);
    }
  }

  @Test
  void trimmedPosition_isTaken() {
    LogEntry late = author.fork().next("late");
    appendSome(3);
    snapshot(log);

    assertThat(append(opened(under.client()), late)).isEqualTo(new Log.Appended.Taken());

    assertThat(recovered(log)).isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  @Test
  void followers_hearAllInOrder_whoeverWrote() {
    Log other = opened(under.client());
    Heard mine = new Heard();
    Heard others = new Heard();
    log.follow(0, mine);
    other.follow(0, others);
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < ROOM / 2; i++) {
      LogEntry entry = author.accept(author.next("value " + i));
      entries.add(entry);
      assertThat(append(i % 2 == 0 ? log : other, entry)).isEqualTo(new Log.Appended.Ours());
    }

    assertThat(mine.await(entries.size())).isEqualTo(entries);
    assertThat(others.await(entries.size())).isEqualTo(entries);
  }

  @Test
  void follower_hearsWhatIsAfterItsPosition() {
    List<LogEntry> before = appendSome(4);
    Heard heard = new Heard();

    log.follow(3, heard);

    LogEntry next = append("next");
    assertThat(heard.await(2)).containsExactly(before.get(3), next);
  }

  @Test
  void newFollower_endsTheOneBefore() {
    Heard first = new Heard();
    Heard second = new Heard();
    log.follow(0, first);
    LogEntry one = append("one");
    List<LogEntry> unused = first.await(1);

    log.follow(1, second);
    LogEntry two = append("two");

    assertThat(second.await(1)).containsExactly(two);
    assertThat(first.entries()).containsExactly(one);
  }

  @Test
  void followerBelowTheSnapshot_isToldThatItMissed() {
    appendSome(ROOM - 1);
    snapshot(log);
    appendSome(ROOM - 1);
    Heard heard = new Heard();

    opened(under.client()).follow(1, heard);

    heard.awaitOrMissed(1);
    assertThat(heard.hasMissed()).isTrue();
    LogEntry next = append("after that");
    assertThat(recovered(log).entries()).endsWith(next);
    assertThat(heard.entries()).isEmpty();
  }

  @Test
  void brokenConnection_losesNoEntry() {
    Heard heard = new Heard();
    log.follow(0, heard);
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      entries.add(append("value " + i));
      under.dropConnections();
    }
    entries.add(append("last"));

    heard.awaitOrMissed(entries.size());
    assertThat(entries).startsWith(heard.entries().toArray(LogEntry[]::new));
    assertThat(heard.hasMissed() || heard.entries().size() == entries.size()).isTrue();
  }

  @Test
  void opened_isTheNewestSnapshotAndWhatIsAboveIt() {
    appendSome(3);
    snapshot(log);
    Root base = author.root();
    List<LogEntry> above = appendSome(4);

    assertThat(recovered(under.client())).isEqualTo(new Log.Recovered(base, above));
  }

  @Test
  void olderSnapshot_doesNotReplaceANewer() {
    appendSome(2);
    Root old = author.root();
    appendSome(2);
    snapshot(log);

    CompletableFuture<Void> late = opened(under.client()).snapshot(old);

    assertThat(late).succeedsWithin(SOON);
    assertThat(recovered(log)).isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  /** Appends until the log refuses; what it took. */
  private List<LogEntry> fill() {
    List<LogEntry> taken = new ArrayList<>();
    LogEntry next = author.next("value");
    while (append(log, next) instanceof Log.Appended.Ours) {
      taken.add(author.accept(next));
      assertThat(taken.size()).isLessThan(MOST_ROOM);
      next = author.next("value");
    }
    return taken;
  }

  @Test
  void fullLog_refusesWithoutEffect_untilASnapshotMakesRoom() {
    List<LogEntry> taken = fill();
    LogEntry refused = author.next("value");

    assertThat(append(log, refused)).isInstanceOf(Log.Appended.Full.class);
    assertThat(taken.size()).isGreaterThanOrEqualTo(ROOM);
    assertThat(recovered(log)).isEqualTo(new Log.Recovered(Root.EMPTY, taken));
    snapshot(log);

    assertThat(append(log, refused)).isEqualTo(new Log.Appended.Ours());
    assertThat(recovered(under.client()).entries()).containsExactly(refused);
  }

  /** A store of small entries would be full for ever where nobody asked. */
  @Test
  void logThatFillsUp_hasAskedForASnapshotBeforeItRefuses() {
    Heard heard = new Heard();
    log.follow(0, heard);

    int taken = fill().size();

    heard.awaitWanted();
    assertThat(taken).isGreaterThanOrEqualTo(ROOM);
  }

  /** Whoever takes the log over need not take a snapshot before it can. */
  @Test
  void roomThatTheSnapshotOfAnotherMade_isThereForTheNextWriter() {
    Log other = opened(under.client());
    for (int round = 0; round < 3; round++) {
      appendSome(ROOM - 1);
      snapshot(log);
    }

    LogEntry next = author.next("by the other");

    assertThat(append(other, next)).isEqualTo(new Log.Appended.Ours());
  }

  @Test
  void roomIsUsedAgainAndAgain() {
    Heard heard = new Heard();
    log.follow(0, heard);
    for (int lap = 0; lap < 4; lap++) {
      appendSome(ROOM - 1);
      snapshot(log);
    }
    LogEntry last = append("last");

    assertThat(heard.await(4 * (ROOM - 1) + 1)).endsWith(last);
    assertThat(recovered(under.client()).entries()).containsExactly(last);
  }

  @Test
  void lostAnswer_isSettledByTheSameEntryAgain() {
    Heard heard = new Heard();
    log.follow(0, heard);
    under.loseNextAnswer();
    LogEntry entry = append("value");
    LogEntry next = append("next");

    assertThat(heard.await(2)).containsExactly(entry, next);
    assertThat(recovered(log).entries()).containsExactly(entry, next);
  }

  @Test
  void lostRequest_isSettledByTheSameEntryAgain() {
    under.loseNextRequest();
    LogEntry entry = append("value");

    assertThat(recovered(log).entries()).containsExactly(entry);
  }

  @Test
  void lateAppendOfADeposedWriter_isDecidedByItsPosition() {
    appendSome(2);
    Log other = opened(under.client());
    LogEntry late = author.fork().next("late");
    Runnable arrive = under.holdNextRequest();
    CompletableFuture<Log.Appended> answer = log.append(late);
    LogEntry barrier = author.accept(author.nextEpoch());
    assertThat(append(other, barrier)).isEqualTo(new Log.Appended.Ours());

    arrive.run();

    assertThat(answer.exceptionally(unknown -> append(log, late)).join())
        .isEqualTo(new Log.Appended.Taken());
    assertThat(recovered(log).entries()).hasSize(3).endsWith(barrier);
  }

  @Test
  void lateAppend_hasNoEffect_afterItsPositionWasTrimmedAndUsedAgain() {
    appendSome(2);
    Log other = opened(under.client());
    LogEntry late = author.fork().next("late");
    Runnable arrive = under.holdNextRequest();
    CompletableFuture<Log.Appended> answer = log.append(late);
    Heard heard = new Heard();
    other.follow(2, heard);
    for (int lap = 0; lap < 3; lap++) {
      for (int i = 0; i < ROOM - 2; i++) {
        LogEntry entry = author.accept(author.next("value"));
        assertThat(append(other, entry)).isEqualTo(new Log.Appended.Ours());
      }
      snapshot(other);
    }

    arrive.run();

    assertThat(answer.exceptionally(unknown -> append(log, late)).join())
        .isEqualTo(new Log.Appended.Taken());
    LogEntry last = author.accept(author.next("last"));
    assertThat(append(other, last)).isEqualTo(new Log.Appended.Ours());
    assertThat(heard.await(3 * (ROOM - 2) + 1)).doesNotContain(late).endsWith(last);
    assertThat(recovered(under.client()).entries()).containsExactly(last);
  }

  @Test
  void largestEntry_isTaken() {
    Heard heard = new Heard();
    log.follow(0, heard);
    LogEntry large = author.largest(log.maxEntryBytes());

    assertThat(append(log, large)).isEqualTo(new Log.Appended.Ours());

    assertThat(heard.await(1)).containsExactly(large);
    assertThat(recovered(under.client()).entries()).containsExactly(large);
  }

  @Test
  void closed_tellsNothing_andLetsOthersGoOn() {
    Log other = opened(under.client());
    Heard mine = new Heard();
    Heard others = new Heard();
    log.follow(0, mine);
    other.follow(0, others);
    LogEntry first = append("first");
    List<LogEntry> unused = mine.await(1);

    log.close();
    log.close();
    LogEntry second = author.accept(author.next("second"));
    assertThat(append(other, second)).isEqualTo(new Log.Appended.Ours());

    assertThat(others.await(2)).containsExactly(first, second);
    assertThat(mine.entries()).containsExactly(first);
  }
}
