package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.log.Announcements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a replica shows that does not have the log. */
class FollowerTest {
  private static final Key KEY = Key.of("a");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final MemoryLog log = new MemoryLog();
  private final TestLease lease = new TestLease(false);
  private final Link link = new Link();
  private final Words word = new Words();
  private final EngineStore holder = open(new Link(), new TestLease(true));
  private final EngineStore follower = open(link, lease);

  /** Announcements that a test lets through. */
  private static final class Words implements Announcements {
    private final List<Listener> listeners = new ArrayList<>();
    private Word newest = new Word(0, 0, 0);

    @Override
    public void announce(Word word) {
      newest = word;
    }

    @Override
    public void listen(Listener listener) {
      listeners.add(listener);
    }

    void pass() {
      say(newest);
    }

    void say(Word word) {
      listeners.forEach(listener -> listener.announced(word));
    }
  }

  private static final class Link implements MemoryLog.Link {
    private volatile boolean cut;
    private volatile boolean misses;

    @Override
    public void carry(Runnable message) {
      if (!cut) {
        message.run();
      }
    }

    @Override
    public boolean losesAnswer() {
      return false;
    }

    @Override
    public boolean losesRequest() {
      return false;
    }

    @Override
    public boolean losesEvent() {
      boolean now = misses;
      misses = false;
      return now;
    }
  }

  private EngineStore open(Link its, TestLease itsLease) {
    return EngineStore.open(
        log.client(its),
        itsLease,
        word,
        EngineSettings.DEFAULT.withHolding(Duration.ofMillis(20)).withPause(Duration.ofMillis(1)));
  }

  @AfterEach
  void close() {
    follower.close();
    holder.close();
  }

  private void put(String value) {
    Await.change(holder.put(PutRequest.of(KEY, Bytes.utf8(value))));
  }

  private void awaitShown(String value) {
    Awaitility.await().atMost(SOON).until(() -> shown().equals(Optional.of(value)));
  }

  private Optional<String> shown() {
    return Await.read(follower.get(KEY, Freshness.STALE))
        .entry()
        .map(entry -> entry.value().toText());
  }

  @Test
  void appliedEntry_isShownWhenTheHolderHasAnnouncedIt() throws InterruptedException {
    put("1");
    try (Watch watch = follower.watch(WatchRequest.fromNow(new Range.Exact(KEY)))) {
      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.Progress.class);

      Awaitility.await()
          .atMost(SOON)
          .until(() -> follower.root().position() == holder.root().position());
      assertThat(shown()).isEmpty();
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      assertThat(follower.status().revision()).isLessThan(holder.status().revision());

      word.pass();

      awaitShown("1");
      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.Put.class);
      assertThat(follower.status().revision()).isEqualTo(holder.status().revision());
    }
  }

  @Test
  void announcementThatIsLost_theNextEntryBringsIt() {
    put("1");
    put("2");

    awaitShown("1");
  }

  @Test
  void announcementThatComesBeforeItsEntry_isKept() {
    put("1");
    link.cut = true;
    put("2");
    word.pass();
    assertThat(shown()).isEmpty();

    link.cut = false;
    log.tellAll();

    awaitShown("2");
  }

  /** As when a log was put back to an earlier state, and its positions count anew. */
  @Test
  void wordOfAnotherLog_isNotTaken() {
    put("1");
    long position = holder.root().position();
    word.say(new Announcements.Word(1, position, holder.root().nonce() + 1));
    word.say(new Announcements.Word(1, position + 1, 7));
    put("2");
    awaitShown("1");

    word.pass();

    awaitShown("2");
  }

  @Test
  void takingOver_showsWhatIsApplied() {
    put("1");
    holder.close();
    lease.take();

    assertThat(Await.read(follower.get(KEY, Freshness.LINEARIZABLE)).entry()).isPresent();
    awaitShown("1");
  }

  @Test
  void callThatNeedsTheHolder_isRefusedAndNamesHim() {
    lease.runOut();
    lease.lose("replica-7 has the lease");

    assertThatThrownBy(() -> Await.read(follower.get(KEY, Freshness.LINEARIZABLE)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("replica-7");
    assertThatThrownBy(() -> Await.change(follower.put(PutRequest.of(KEY, Bytes.EMPTY))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("replica-7");
    assertThat(follower.status().reason()).contains("replica-7");
  }

  @Test
  void entriesThatWereMissed_snapshotIsLoadedAndWatchesThatCannotGoOnEnd() throws Exception {
    put("1");
    word.pass();
    try (Watch watch = follower.watch(WatchRequest.fromNow(new Range.Exact(KEY)))) {
      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.Progress.class);
      link.cut = true;
      put("2");
      put("3");
      log.client(new Link()).snapshot(holder.root()).get();
      put("4");
      link.cut = false;
      link.misses = true;
      log.tellAll();
      word.pass();

      awaitShown("4");
      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.HistoryGone.class);
    }
  }
}
