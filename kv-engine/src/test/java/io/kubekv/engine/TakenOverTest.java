package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What was found out when a change was decided is not worked out again when it has come back. */
class TakenOverTest {
  private static final Key KEY = Key.of("a");

  private static final Key OTHER = Key.of("b");

  /** Tells of entries when it is let, and then perhaps of another change than was sent. */
  private static final class EditedLog implements Log {
    private final Queue<LogEntry> sent = new ArrayDeque<>();
    private Optional<Listener> follower = Optional.empty();
    private State last = State.EMPTY;

    @Override
    public CompletableFuture<Recovered> open() {
      return CompletableFuture.completedFuture(new Recovered(Root.EMPTY, List.of()));
    }

    @Override
    public CompletableFuture<Appended> append(LogEntry entry) {
      sent.add(entry);
      return new CompletableFuture<>();
    }

    void tell() {
      tell(sent.remove());
    }

    /** Tells of an entry, but that its change is a put of another key. */
    void tellEdited() {
      LogEntry entry = sent.remove();
      Decider decider = new Decider(EngineSettings.DEFAULT.limits());
      Moment now = new Moment(Instant.EPOCH, LockDelay::whole);
      tell(
          new LogEntry(
              entry.position(),
              entry.epoch(),
              entry.nonce(),
              entry.previousNonce(),
              decider.decide(new Request.Put(put(OTHER, "edited")), last, now).commits(),
              entry.minReader(),
              entry.digest()));
    }

    private void tell(LogEntry entry) {
      for (Commit commit : entry.commits()) {
        last = last.apply(commit);
      }
      follower.orElseThrow().decided(entry);
    }

    @Override
    public void follow(long position, Listener listener) {
      follower = Optional.of(listener);
    }

    @Override
    public CompletableFuture<Void> snapshot(Root root) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public int maxEntryBytes() {
      return 1 << 20;
    }

    @Override
    public void close() {
      follower = Optional.empty();
    }
  }

  private static PutRequest put(Key key, String value) {
    return PutRequest.of(key, Bytes.utf8(value));
  }

  private static EngineStore open(Log log) {
    return EngineStore.open(
        log,
        new TestLease(true),
        EngineSettings.DEFAULT,
        new Pipeline.Surroundings(new AlarmThread(), new Random(1), new SafetyRules()));
  }

  private static void begin(EngineStore store, String value) {
    var unused = store.put(put(KEY, value));
  }

  /** The log gives back a copy; the one that is kept is the one that was decided. */
  @Test
  void put_whatWasDecidedIsKept() {
    try (EngineStore store = open(new MemoryLog().client(new PlainLink()))) {
      PutOutcome first = Await.change(store.put(put(KEY, "1")));
      PutOutcome second = Await.change(store.put(put(KEY, "2")));

      assertThat(store.root().state().get(KEY)).containsSame(((PutOutcome.Stored) second).entry());
      assertThat(store.at(((PutOutcome.Stored) first).revision()).flatMap(state -> state.get(KEY)))
          .containsSame(((PutOutcome.Stored) first).entry());
    }
  }

  @Test
  void ownEntry_editedByOthers_isAppliedAsItStands() {
    EditedLog log = new EditedLog();
    try (EngineStore store = open(log)) {
      log.tell();
      begin(store, "1");
      log.tellEdited();

      assertThat(store.root().state()).isEqualTo(log.last);
      assertThat(store.root().state().get(OTHER)).isPresent();
    }
  }

  /** What waits was decided on a state that never came. */
  @Test
  void entryAfterOneThatWasEdited_isAppliedToWhatStands() {
    EditedLog log = new EditedLog();
    try (EngineStore store = open(log)) {
      log.tell();
      begin(store, "1");
      begin(store, "2");
      log.tellEdited();
      log.tell();

      assertThat(store.root().state()).isEqualTo(log.last);
      assertThat(store.root().state().get(OTHER)).isPresent();
    }
  }

  @Test
  void putAfterOneThatWasEdited_isDecidedOnWhatStands() {
    EditedLog log = new EditedLog();
    try (EngineStore store = open(log)) {
      log.tell();
      begin(store, "1");
      log.tellEdited();
      begin(store, "2");
      log.tell(); // what begins the next epoch
      log.tell();

      assertThat(store.root().state().get(KEY).map(Entry::version)).contains(1L);
    }
  }
}
