package io.kubekv.k8s.view;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.form.KeyValueForm;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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

  /** One in so many writes may be about what Docker keeps. */
  private static final int FOR_DOCKER = 4;

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
  private final Attempts attempts;
  private final Withdrawals withdrawals;
  private final Comparison comparison;
  private final DockerView docker;
  private final StoreIntake intake;
  private boolean compareNeeded = true;
  private long comparedAt;
  private final Pause pause;
  private String problem = "the view has just begun";
  private volatile ViewFigures figures = ViewFigures.NONE;

  Round(Surroundings around) {
    this.around = around;
    ViewSettings settings = around.settings();
    this.feed = new ObjectFeed(around.keys(), ViewForm::read);
    this.changes = new StoreChanges(around.store(), settings);
    this.dirty = new DirtyKeys(settings);
    this.budget = new WriteBudget(settings.writesPerSecond(), around.ticker());
    this.writes = new ObjectWrites(around, index, budget);
    this.shower = new KeyShower(around.store(), settings, index, writes, around.wall());
    this.deleted = new DeletedObjects(around, index, writes, shower, this::look);
    this.edits = new Edits(around, index, writes, shower, deleted, this::look);
    this.attempts = new Attempts(index, writes, edits, around.ticker());
    this.withdrawals = new Withdrawals(index, writes, budget, edits, attempts);
    this.docker = new DockerView(around, budget);
    this.intake =
        new StoreIntake(changes, settings, index, dirty, docker::changed, around.ticker());
    this.comparison = new Comparison(settings, index, shower);
    this.pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE, around.ticker());
  }

  /** How it is; from any thread. */
  ViewFigures figures() {
    return figures;
  }

  /** Does what is due, as far as the budget reaches; waits for answers of the API only. */
  void step() {
    try {
      writes.requireHeld();
      budget.changed(intake.take());
      if (pause.isOver()) {
        work();
        problem = attempts.problem();
        pause.end();
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
            longer(dirty.lag(now()), docker.lag()),
            index.size(),
            Math.max(0, intake.keys() - around.settings().mostKeys()),
            problem);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** Nothing is written for a while. */
  private void hold(String why, Optional<Duration> asked) {
    if (!problem.equals(why)) {
      log.info("the view waits for {}", why);
    }
    problem = why;
    pause.begin(asked);
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
    docker.step(Math.ceilDiv(budget.left(), FOR_DOCKER));
    attempts.begin();
    decideEdits();
    showKeys();
    withdrawals.run();
  }

  private void decideEdits() throws ApiCallException {
    int forOthers = budget.left() / 2; // whoever edits very much does not stop the rest
    for (String name : edits.waiting()) {
      if (budget.left() <= forOthers) {
        break;
      }
      if (attempts.isReady(name)) {
        attempts.run(name, () -> edits.decide(name), () -> edits.giveUp(name));
      }
    }
  }

  private void showKeys() throws ApiCallException {
    for (Key key : dirty.due(now(), budget.left(), this::mayBeShown)) {
      String name = KeyValueForm.name(key);
      if (budget.left() > 0) {
        attempts.run(name, () -> show(key, name), () -> dirty.giveUp(key));
      }
      if (attempts.hasFailed(name)) {
        dirty.toEnd(key);
      }
    }
  }

  private boolean mayBeShown(Key key) {
    String name = KeyValueForm.name(key);
    return attempts.isReady(name) && !edits.isWaiting(name);
  }

  private void show(Key key, String name) throws ApiCallException {
    if (shower.show(key, revision -> dirty.cause(key, revision))) {
      dirty.done(key);
    }
    edits.noteEdited(name);
  }

  private void takeObjects() {
    Optional<ObjectFeed.Event> event = feed.next();
    while (event.isPresent()) {
      ViewObject object = event.get().object();
      ViewObject before = index.get(object.name());
      if (event.get().isRemoval()) {
        attempts.forget(object.name());
        object.ownKey().ifPresent(dirty::tryAgain);
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
    if (compareNeeded || intake.isGap()) {
      dirty.tryAllAgain();
      docker.compareSoon();
    }
    attempts.forgetAll();
    Map<Key, Entry> entries = changes.snapshot();
    Comparison.Found found = comparison.with(entries);
    found.wrong().stream().filter(key -> !dirty.isHopeless(key)).forEach(this::look);
    withdrawals.found(found.excess());
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
    docker.close();
    changes.close();
  }
}
