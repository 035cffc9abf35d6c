package io.kubekv.k8s.view;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the view's thread does at each tick, supervised: what nobody has foreseen ends the round,
 * which is begun anew from the objects and the store, and never the thread. {@link #step} and
 * {@link #close} belong to the view's thread; the rest may be called by any.
 */
final class ViewWork implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ViewWork.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** For how long the same failure is not logged again. */
  private static final long QUIET_NANOS = Duration.ofMinutes(10).toNanos();

  private final KeyValueStore store;
  private final Apis apis;
  private final ViewSettings settings;
  private final Supplier<LogFigures> logFigures;
  private final Time time;
  private final Notices notices;
  private final StoreObject storeObject;
  private final Supplier<Optional<View.Holding>> holding;
  private volatile @Nullable Round round;
  private Optional<View.Holding> roundOf = Optional.empty();
  private String failure = "";
  private final Pause pause;
  private String logged = "";
  private long loggedAt;

  /** The types of objects that are written. */
  record Apis(
      ObjectsApi keys,
      Function<DockerKind, ObjectsApi> docker,
      ObjectsApi stores,
      ObjectsApi events) {}

  /** The clocks. */
  record Time(LongSupplier ticker, InstantSource wall) {}

  /**
   * @param holding empty while this process does not hold the store; asked before each write
   */
  ViewWork(
      KeyValueStore store,
      Apis apis,
      String namespace,
      ViewSettings settings,
      Supplier<Optional<View.Holding>> holding,
      Supplier<LogFigures> logFigures,
      Time time) {
    this.store = store;
    this.holding = holding;
    this.apis = apis;
    this.settings = settings;
    this.logFigures = logFigures;
    this.time = time;
    this.notices = new Notices(apis.events(), namespace, time.wall());
    this.pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE, time.ticker());
    this.storeObject = new StoreObject(apis.stores(), time.ticker(), time.wall());
  }

  ViewFigures figures() {
    Round open = round;
    return open == null ? ViewFigures.NONE : open.figures();
  }

  /** Does what is due. */
  void step() {
    Optional<View.Holding> now = holding.get();
    if (!now.equals(roundOf)) {
      close();
      roundOf = now;
    }
    if (now.isEmpty()) {
      return;
    }
    try {
      showKeys(now);
      tell(now.get());
    } catch (RuntimeException | Error unforeseen) {
      failed(unforeseen);
    }
  }

  private void showKeys(Optional<View.Holding> now) {
    boolean isPaused = !failure.isEmpty() && !pause.isOver();
    if (!settings.shown() || isPaused) {
      return;
    }
    try {
      Round open = round;
      if (open == null) {
        open = begin(now);
      }
      open.step();
      if (!failure.isEmpty() && open.figures().problem().isEmpty()) {
        failure = "";
        pause.end();
      }
    } catch (RuntimeException | Error unforeseen) {
      failed(unforeseen);
    }
  }

  private Round begin(Optional<View.Holding> now) {
    Round fresh =
        new Round(
            new Surroundings(
                store,
                apis.keys(),
                apis.docker(),
                notices,
                settings,
                time.ticker(),
                time.wall(),
                () -> holding.get().equals(now)));
    round = fresh;
    return fresh;
  }

  private void failed(Throwable unforeseen) {
    close();
    String what = unforeseen.toString();
    long now = time.ticker().getAsLong();
    if (what.equals(logged) && now - loggedAt < QUIET_NANOS) {
      log.debug("the view has failed again", unforeseen);
    } else {
      logged = what;
      loggedAt = now;
      log.error(
          "the view has failed and is begun anew: keys are not affected, objects may be late. If"
              + " the Store object goes on to say ViewCurrent=False, switch the view off and report"
              + " this",
          unforeseen);
    }
    failure = what;
    pause.begin(Optional.empty());
  }

  private void tell(View.Holding now) {
    ViewFigures view = figures();
    StoreStatus status = store.status();
    LogFigures logNow = logFigures.get();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("store", Long.toHexString(store.id()));
    figures.put("holder", now.holder());
    figures.put("epoch", now.epoch());
    figures.put("revision", status.revision().toString());
    figures.put("keys", status.entries());
    figures.put("viewRevision", view.revision().toString());
    figures.put("lagSeconds", view.lag().toSeconds());
    figures.put("viewKeys", view.keys());
    figures.put("hiddenKeys", view.hidden());
    figures.put("logBytes", logNow.bytes());
    figures.put("ringUsedPercent", Math.round(logNow.ringUse() * 100));
    figures.put("snapshotRevision", logNow.snapshot().toString());
    if (holding.get().equals(Optional.of(now))) {
      storeObject.step(figures, condition(view));
    }
  }

  private StoreObject.Condition condition(ViewFigures view) {
    if (!settings.shown()) {
      return new StoreObject.Condition(true, "Off", "no keys are shown: the view is off");
    }
    if (!failure.isEmpty()) {
      return new StoreObject.Condition(
          false, "Failed", "begun anew after " + failure + ": see the log of the holder");
    }
    return view.problem().isEmpty()
        ? new StoreObject.Condition(true, "Following", "keys are shown as they change")
        : new StoreObject.Condition(false, "Waiting", "waits for " + view.problem());
  }

  /** Ends the round; the next step begins another. */
  @Override
  public void close() {
    Round open = round;
    if (open != null) {
      open.close();
      round = null;
    }
  }
}
