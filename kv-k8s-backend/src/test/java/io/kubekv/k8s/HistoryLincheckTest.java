package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.LincheckOptions;
import io.kubekv.engine.Scenarios;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Watches over a history that grows, forgets and begins anew. */
@Tag("lincheck")
class HistoryLincheckTest {
  @Test
  void watches_overAGrowingHistory_areLinearizable() {
    options()
        .addCustomScenario(
            Scenarios.of(
                GrowingHistory.class,
                List.of("nextOfOne", "nextOfAll"),
                List.of("addFirst"),
                List.of("nextOfOne"),
                List.of("nextOfOne", "nextOfAll")))
        .check(GrowingHistory.class);
  }

  @Test
  void watch_overAForgettingHistory_isLinearizable() {
    options().check(ForgettingHistory.class);
  }

  /**
   * A wake-up that is lost leaves a thread asleep for good. By stress, because to the model checker
   * a park may return at any time, so that a loop around it need never end.
   */
  @Test
  void sleepingWatch_ofOneKey_isWokenByItsEvent() {
    LincheckOptions.stress()
        .iterations(0)
        .invocationsPerIteration(5_000)
        .minimizeFailedScenario(false)
        .addCustomScenario(
            Scenarios.of(
                SleepingWatch.class,
                List.of(),
                List.of("addOther", "add"),
                List.of("await"),
                List.of()))
        .check(SleepingWatch.class);
  }

  private static ModelCheckingOptions options() {
    return LincheckOptions.modelChecking()
        .threads(2)
        .actorsBefore(1)
        .actorsPerThread(3)
        .actorsAfter(0)
        .iterations(2)
        .invocationsPerIteration(100);
  }

  /** A history to which one thread adds, with a watch of key 0 and one of all keys. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  public static class GrowingHistory extends Watched {
    private final HistoryWatch one = watch(WatchRequest.fromOldest(new Range.Exact(key(0))));
    private final HistoryWatch all = watch(WatchRequest.fromNow(Range.all()));

    public GrowingHistory() {
      super(1 << 20);
    }

    @Operation(nonParallelGroup = "the index")
    public void add(@Param(name = "key") int key) {
      put(key);
    }

    public void addFirst() {
      put(0);
    }

    @Operation(nonParallelGroup = "the first watch")
    public String nextOfOne() throws InterruptedException {
      return next(one);
    }

    @Operation(nonParallelGroup = "the second watch")
    public String nextOfAll() throws InterruptedException {
      return next(all);
    }
  }

  /** A watch that sleeps until its key changes; another key does so first. */
  public static class SleepingWatch extends Watched {
    private final HistoryWatch one = watch(WatchRequest.fromNow(new Range.Exact(key(0))));

    public SleepingWatch() {
      super(1 << 20);
    }

    public void addOther() {
      put(1);
    }

    public void add() {
      put(0);
    }

    public String await() throws InterruptedException {
      String first = next(one);
      return first.startsWith("progress") ? text(one.next(Duration.ofDays(100_000))) : first;
    }
  }

  /** A history with room for two events, which may also begin anew. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  public static class ForgettingHistory extends Watched {
    private final HistoryWatch one = watch(WatchRequest.fromOldest(new Range.Exact(key(0))));

    public ForgettingHistory() {
      super(600);
    }

    @Operation(nonParallelGroup = "the index")
    public void add(@Param(name = "key") int key) {
      put(key);
    }

    @Operation(nonParallelGroup = "the index")
    public void restart() {
      begin();
    }

    @Operation(nonParallelGroup = "the watch")
    public String next() throws InterruptedException {
      return next(one);
    }
  }

  /** A history and the state that it leads to. */
  public abstract static class Watched {
    private final History history;
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private long revision;

    Watched(long capacity) {
      history = new History(capacity);
    }

    HistoryWatch watch(WatchRequest request) {
      return history.watch(request, () -> snapshot);
    }

    void put(int key) {
      revision++;
      Revision at = new Revision(revision);
      Entry entry = entry(key, at);
      history.add(new WatchEvent.Put(entry, Optional.empty(), Cause.SET), () -> publish(entry));
    }

    void begin() {
      revision++;
      Revision at = new Revision(revision);
      history.restart(List.of(), at, () -> snapshot = new Snapshot(snapshot.entries(), at));
    }

    private void publish(Entry entry) {
      ObjectSpec spec =
          ObjectSpec.first(
              ObjectType.VALUE,
              entry.key(),
              Bytes.EMPTY,
              Cause.SET,
              new WriteId("w", Revision.ZERO));
      StoredObject object =
          new StoredObject(
              ObjectNames.of(ObjectType.VALUE, entry.key()), "uid", entry.modifyRevision(), spec);
      snapshot =
          new Snapshot(
              snapshot.entries().with(entry.key(), new Snapshot.Held(object, entry)),
              entry.modifyRevision());
    }

    /** What is there now, and whether the state has it. */
    String next(HistoryWatch watch) throws InterruptedException {
      return text(watch.next(Duration.ZERO));
    }

    String text(Optional<WatchEvent> event) {
      return event
          .map(
              told ->
                  switch (told) {
                    case WatchEvent.Put put ->
                        (snapshot.revision().isBefore(put.revision()) ? "early " : "put ")
                            + put.revision();
                    case WatchEvent.Delete delete -> "delete " + delete.revision();
                    case WatchEvent.Progress progress -> "progress " + progress.revision();
                    case WatchEvent.HistoryGone gone -> "gone";
                  })
          .orElse("nothing");
    }

    static Key key(int number) {
      return Key.of("k" + number);
    }

    private static Entry entry(int key, Revision at) {
      return new Entry(
          key(key), Kind.VALUE, Bytes.EMPTY, 0, at, at, 1, Optional.empty(), LockState.NONE);
    }
  }
}
