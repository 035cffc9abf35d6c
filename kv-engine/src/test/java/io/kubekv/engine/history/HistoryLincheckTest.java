package io.kubekv.engine.history;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.LincheckOptions;
import io.kubekv.engine.Scenarios;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readers and watches over a history to which one thread adds, and of which it forgets. */
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
        .addCustomScenario(
            Scenarios.of(
                GrowingHistory.class,
                List.of("nextOfOne", "nextOfOne", "askForOne"),
                List.of("addFirst", "addOther", "addFirst"),
                List.of("nextOfOne", "askForOne", "nextOfOne"),
                List.of("nextOfOne", "nextOfOne")))
        .check(GrowingHistory.class);
  }

  @Test
  void watchAndReads_overAForgettingHistory_areLinearizable() {
    options()
        .addCustomScenario(
            Scenarios.of(
                ForgettingHistory.class,
                List.of("addFirst", "addFirst"),
                List.of("forgetFirst"),
                List.of("atFirst", "next"),
                List.of()))
        .check(ForgettingHistory.class);
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
    private final Watch one = watch(WatchRequest.fromOldest(new Range.Exact(key(0))));
    private final Watch all = watch(WatchRequest.fromNow(Range.all()));

    public GrowingHistory() {
      super(1 << 20);
    }

    @Operation(nonParallelGroup = "the store")
    public void add(@Param(name = "key") int key) {
      put(key);
    }

    public void addFirst() {
      put(0);
    }

    public void addOther() {
      put(1);
    }

    @Operation(nonParallelGroup = "the first watch")
    public String nextOfOne() throws InterruptedException {
      return next(one);
    }

    /** Changes nothing of what the watch tells. */
    @Operation(nonParallelGroup = "the first watch")
    public void askForOne() {
      one.whenReady(() -> {});
    }

    @Operation(nonParallelGroup = "the second watch")
    public String nextOfAll() throws InterruptedException {
      return next(all);
    }
  }

  /** A watch that sleeps until its key changes; another key does so first. */
  public static class SleepingWatch extends Watched {
    private final Watch one = watch(WatchRequest.fromNow(new Range.Exact(key(0))));

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

  /** A history whose pages have room for one event each, and that may also begin anew. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  public static class ForgettingHistory extends Watched {
    private final Watch one = watch(WatchRequest.fromOldest(new Range.Exact(key(0))));

    public ForgettingHistory() {
      super(4_000);
    }

    @Operation(nonParallelGroup = "the store")
    public void add(@Param(name = "key") int key) {
      put(key);
    }

    public void addFirst() {
      put(0);
    }

    /** Forgets all but the newest revision. */
    @Operation(nonParallelGroup = "the store")
    public void forget() {
      forgetBefore(newest());
    }

    public void forgetFirst() {
      forgetBefore(new Revision(2));
    }

    @Operation(nonParallelGroup = "the store")
    public void restart() {
      begin();
    }

    @Operation(nonParallelGroup = "the watch")
    public String next() throws InterruptedException {
      return next(one);
    }

    /** What stood at the first revision, for as long as that is remembered. */
    @Operation
    public String atFirst() {
      return read(new Revision(1));
    }
  }

  /** A history and the states that its steps lead to. */
  public abstract static class Watched {
    private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);

    private final Decider decider = new Decider(Limits.DEFAULT);
    private final History history;
    private State state = State.EMPTY;

    Watched(long capacity) {
      history = new History(capacity);
    }

    Watch watch(WatchRequest request) {
      return history.watch(request);
    }

    void put(int key) {
      Request<?> request = new Request.Put(PutRequest.of(key(key), Bytes.EMPTY));
      for (Effect effect : decider.decide(request, state, NOW).effects()) {
        state = effect.after();
        history.add(effect);
      }
    }

    Revision newest() {
      return state.revision();
    }

    void forgetBefore(Revision first) {
      history.forget(first);
    }

    void begin() {
      history.restart(state);
    }

    String read(Revision at) {
      return history.at(at).map(then -> "state " + then.revision()).orElse("unknown");
    }

    /** What is there now, and whether the state has it. */
    String next(Watch watch) throws InterruptedException {
      return text(watch.next(Duration.ZERO));
    }

    String text(Optional<WatchEvent> event) {
      return event
          .map(
              told ->
                  switch (told) {
                    case WatchEvent.Put put -> told(put.entry());
                    case WatchEvent.Delete delete -> "delete " + delete.revision();
                    case WatchEvent.Progress progress -> "progress " + progress.revision();
                    case WatchEvent.HistoryGone gone -> "gone";
                  })
          .orElse("nothing");
    }

    private String told(Entry entry) {
      Revision at = entry.modifyRevision();
      return (history.last().revision().isBefore(at) ? "early " : "put ") + at;
    }

    static Key key(int number) {
      return Key.of("k" + number);
    }
  }
}
