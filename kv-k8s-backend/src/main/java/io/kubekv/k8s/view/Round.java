package io.kubekv.k8s.view;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.k8s.ApiCallException;
import io.kubekv.k8s.KeyValueForm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view of one term: {@link #step} does what is due, and is to be called every so often by one
 * thread. It begins with a list of the objects and a snapshot of the store, and compares them.
 */
final class Round implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Round.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final long REFILL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Surroundings around;
  private final ObjectIndex index = new ObjectIndex();
  private final ObjectFeed feed;
  private final StoreChanges changes;
  private final DirtyKeys dirty;
  private final WriteBudget budget;
  private final ObjectWrites writes;
  private final KeyShower shower;
  private final DeletedObjects deleted;
  private final Edits edits;
  private final Comparison comparison;
  private final StoreIntake intake;
  private final Queue<String> excess = new ArrayDeque<>();
  private boolean compareNeeded = true;
  private long comparedAt;
  private long pausedUntil;
  private Duration pause = FIRST_PAUSE;
  private String problem = "the view has just begun";
  private volatile ViewFigures figures = ViewFigures.NONE;

  Round(Surroundings around) {
    this.around = around;
    ViewSettings settings = around.settings();
    this.feed = new ObjectFeed(around.keys());
    this.changes = new StoreChanges(around.store(), settings);
    this.dirty = new DirtyKeys(settings);
    this.budget = new WriteBudget(settings.writesPerSecond(), around.ticker());
    this.writes = new ObjectWrites(around, index, budget);
    this.shower = new KeyShower(around.store(), settings, index, writes, around.wall());
    this.deleted = new DeletedObjects(around, index, writes, shower, this::look);
    this.edits = new Edits(around, index, writes, shower, deleted, this::look);
    this.intake = new StoreIntake(changes, settings, index, dirty, around.ticker());
    this.comparison = new Comparison(settings, index, shower);
    this.pausedUntil = now();
  }

  /** How it is; from any thread. */
  ViewFigures figures() {
    return figures;
  }

  /** Does what is due, as far as the budget reaches; waits for answers of the API only. */
  void step() {
    try {
      writes.requireHeld();
      intake.take();
      if (now() - pausedUntil >= 0) {
        work();
        problem = "";
        pause = FIRST_PAUSE;
      }
    } catch (ObjectWrites.NotHeldException over) {
      problem = "another replica holds the store";
    } catch (ApiCallException failed) {
      hold("the Kubernetes API: " + failed.getMessage(), failed.failure().retryAfter());
    } catch (StoreException failed) {
      hold("the store: " + failed.getMessage(), Optional.empty());
    }
    figures =
        new ViewFigures(
            shown(),
            dirty.lag(now()),
            index.size(),
            Math.max(0, intake.keys() - around.settings().mostKeys()),
            problem);
  }

  /** Nothing is written for a while. */
  private void hold(String why, Optional<Duration> asked) {
    if (!problem.equals(why)) {
      log.info("the view waits for {}", why);
    }
    problem = why;
    pausedUntil = now() + asked.orElse(pause).toNanos();
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private Revision shown() {
    return dirty
        .firstNotShown()
        .filter(first -> !first.equals(Revision.ZERO))
        .map(first -> new Revision(first.value() - 1))
        .orElse(compareNeeded || intake.isGap() ? Revision.ZERO : changes.position());
  }

  private void work() throws ApiCallException {
    if (!feed.resume()) {
      index.replaceAll(feed.list());
      index.all().forEach(object -> edits.note(null, object));
      compareNeeded = true;
    }
    takeObjects();
    if (compareNeeded || intake.isGap() || hasRoomAgain()) {
      compare();
    }
    deleted.decide(now());
    int forOthers = budget.left() / 2; // whoever edits very much does not stop the rest
    for (String name : edits.waiting()) {
      if (budget.left() <= forOthers) {
        break;
      }
      attempt(name, () -> edits.decide(name), () -> edits.giveUp(name));
    }
    for (Key key : dirty.due(now(), budget.left(), this::mayBeShown)) {
      attempt(KeyValueForm.name(key), () -> show(key), () -> dirty.done(key));
    }
    while (budget.left() > 0 && !excess.isEmpty()) {
      withdraw(excess.element());
      excess.remove();
    }
  }

  private boolean mayBeShown(Key key) {
    return !edits.isWaiting(KeyValueForm.name(key));
  }

  private void show(Key key) throws ApiCallException {
    if (budget.left() == 0) {
      return;
    }
    if (shower.show(key, revision -> dirty.cause(key, revision))) {
      dirty.done(key);
    } else {
      noteEdit(null, KeyValueForm.name(key));
    }
  }

  private void withdraw(String name) throws ApiCallException {
    ViewObject object = index.get(name);
    if (object != null && !object.isEdited()) {
      attempt(name, () -> writes.withdraw(object), () -> {});
    }
  }

  /** A request to the API that somebody else may be ahead of. */
  private interface Call {
    void run() throws ApiCallException;
  }

  /** Where somebody else was ahead, looks at the object again; one bad object stops no other. */
  private void attempt(String name, Call call, Runnable giveUp) throws ApiCallException {
    try {
      call.run();
    } catch (LimitExceededException noKey) {
      giveUp.run();
    } catch (ApiCallException failed) {
      if (ObjectWrites.isHopeless(failed.failure())) {
        log.warn("the object {} cannot be written: {}", name, failed.getMessage());
        giveUp.run();
      } else if (ObjectWrites.isOvertaken(failed.failure())) {
        ViewObject before = index.get(name);
        writes.look(name);
        noteEdit(before, name);
      } else {
        throw failed;
      }
    }
  }

  private void noteEdit(@Nullable ViewObject before, String name) {
    ViewObject object = index.get(name);
    if (object != null) {
      edits.note(before, object);
    }
  }

  private void takeObjects() {
    Optional<ObjectFeed.Event> event = feed.next();
    while (event.isPresent()) {
      ViewObject object = event.get().object();
      ViewObject before = index.get(object.name());
      if (event.get().isRemoval()) {
        if (index.sawRemoval(object)) {
          edits.noteDeleted(object.name());
          deleted.note(object, now());
        }
      } else if (index.saw(object)) {
        edits.note(before, object);
        index.keyOf(object).filter(key -> !object.isEdited()).ifPresent(this::look);
      }
      event = feed.next();
    }
  }

  private void look(Key key) {
    dirty.look(key, changes.position(), now());
  }

  /** Keys were left out for want of room, and others have gone since. */
  private boolean hasRoomAgain() {
    return index.size() + dirty.size() < Math.min(intake.keys(), around.settings().mostKeys())
        && now() - comparedAt >= REFILL_NANOS;
  }

  private void compare() {
    Map<Key, Entry> entries = changes.snapshot();
    Comparison.Found found = comparison.with(entries);
    found.wrong().forEach(this::look);
    excess.clear();
    found.excess().forEach(object -> excess.add(object.name()));
    intake.compared(entries.size());
    comparedAt = now();
    compareNeeded = false;
    log.debug("{} keys compared, {} objects are wrong", entries.size(), found.wrong().size());
  }

  private long now() {
    return around.ticker().getAsLong();
  }

  @Override
  public void close() {
    feed.close();
    changes.close();
  }
}
