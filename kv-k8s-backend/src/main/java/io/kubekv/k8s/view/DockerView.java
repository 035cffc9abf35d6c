package io.kubekv.k8s.view;

import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.docker.DockerKey;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what Docker keeps in the store as objects of its own types, beside those of the keys. What
 * others write there is written over. Where Docker keeps nothing it asks once a term whether
 * objects are left, and does nothing more. Belongs to the view's thread.
 */
final class DockerView implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DockerView.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Somebody who writes objects without end does not keep us busy. */
  private static final long BETWEEN_COMPARISONS = Duration.ofSeconds(1).toNanos();

  private final Surroundings around;
  private final DockerRecords records;
  private final DirtyKeys dirty;
  private final DockerTypes types;

  /** Objects that show nothing that there is. */
  private final Deque<DockerTypes.Excess> excess = new ArrayDeque<>();

  private final Pause pause;
  private boolean isWanted;
  private boolean hasAsked;
  private boolean compareNeeded = true;
  private boolean haveMetAll;
  private boolean isFull;
  private long nextComparison;
  private String problem = "";

  DockerView(Surroundings around, WriteBudget budget) {
    this.around = around;
    this.records = new DockerRecords(around.store(), around.settings());
    this.dirty = new DirtyKeys(around.settings());
    this.types = new DockerTypes(around, budget);
    this.pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE, around.ticker());
    this.nextComparison = now();
  }

  /** A key has changed. Never waits. */
  void changed(Key key, Revision revision) {
    records.met(key);
    Optional<Key> subject = records.subject(key);
    if (subject.filter(this::mayBeShown).isPresent()) {
      dirty.changed(subject.get(), revision, Cause.SET, now());
    }
  }

  /** Changes may have been missed. */
  void compareSoon() {
    compareNeeded = true;
    haveMetAll = false;
  }

  /** For how long a change has waited that is not shown; zero while it cannot be. */
  Duration lag() {
    return problem.isEmpty() ? dirty.lag(now()) : Duration.ZERO;
  }

  /** What is shown stays; others are when there is room. */
  private boolean mayBeShown(Key key) {
    boolean may =
        types.size() + dirty.size() < around.settings().mostKeys()
            || types.get(DockerKey.of(key).orElseThrow()) != null;
    isFull |= !may;
    return may;
  }

  /**
   * Does what is due.
   *
   * @param most so many objects are written at most
   */
  void step(int most) {
    if (!pause.isOver()) {
      return;
    }
    try {
      if (isWanted()) {
        work(most);
      }
      if (!problem.isEmpty()) {
        log.info("what Docker keeps is shown again");
      }
      problem = "";
      pause.end();
    } catch (ApiCallException failed) {
      hold(failed);
    }
  }

  /** Keys and edits go on. */
  private void hold(ApiCallException failed) {
    String why = String.valueOf(failed.getMessage());
    boolean isMissing =
        failed.failure() instanceof ApiFailure.NotFound
            || failed.failure() instanceof ApiFailure.Forbidden;
    if (!why.equals(problem) && isMissing) {
      log.warn(
          "what Docker keeps is not shown, as objects of its own types: {}. The types and the"
              + " rights come with helm/kubekv/crds and role.yaml",
          why);
    } else if (!why.equals(problem)) {
      log.info("what Docker keeps is shown later: {}", why);
    }
    problem = why;
    pause.begin(failed.failure().retryAfter());
  }

  private boolean isWanted() throws ApiCallException {
    isWanted |= dirty.size() > 0;
    if (compareNeeded && !haveMetAll) {
      records.meetAll();
      haveMetAll = true;
    }
    if (!isWanted && compareNeeded) {
      isWanted = !records.subjects().isEmpty() || (!hasAsked && types.isAny());
      hasAsked = true;
      compareNeeded = isWanted;
    }
    return isWanted;
  }

  private void work(int most) throws ApiCallException {
    compareNeeded |= types.follow();
    if (compareNeeded && now() - nextComparison >= 0) {
      compare();
    }
    for (Key key : dirty.due(now(), most, any -> true)) {
      show(key, DockerKey.of(key).orElseThrow());
    }
    for (int i = 0; i < most && !excess.isEmpty(); i++) {
      remove(excess.poll());
    }
  }

  private void compare() {
    compareNeeded = false;
    isFull = false;
    nextComparison = now() + BETWEEN_COMPARISONS;
    Set<String> names = new HashSet<>();
    for (Key key : records.subjects()) {
      DockerKey subject = DockerKey.of(key).orElseThrow();
      names.add(DockerForm.name(subject));
      lookIfWrong(key, subject);
    }
    excess.clear();
    excess.addAll(types.excess(names));
  }

  private void lookIfWrong(Key key, DockerKey subject) {
    if (!isRight(subject) && mayBeShown(key)) {
      dirty.look(key, Revision.ZERO, now());
    }
  }

  private boolean isRight(DockerKey subject) {
    ViewObject object = types.get(subject);
    return object != null
        && records
            .status(subject)
            .filter(status -> object.hash().equals(DockerForm.hashOf(status)))
            .isPresent();
  }

  private void show(Key key, DockerKey subject) throws ApiCallException {
    DockerObjects objects = types.of(subject);
    try {
      Optional<Map<String, Object>> status = records.status(subject);
      objects.show(subject, status);
      dirty.done(key);
      compareNeeded |= isFull && status.isEmpty();
      if (subject instanceof DockerKey.Network network) {
        records
            .endpointsOf(network)
            .forEach(endpoint -> lookIfWrong(endpoint, DockerKey.of(endpoint).orElseThrow()));
      }
    } catch (ApiCallException failed) {
      after(key, failed, objects, DockerForm.name(subject));
    }
  }

  private void after(Key key, ApiCallException failed, DockerObjects objects, String name)
      throws ApiCallException {
    if (ObjectWrites.isHopeless(failed.failure())) {
      log.warn("the object {} cannot be written: {}", name, failed.getMessage());
      dirty.giveUp(key);
      return;
    }
    dirty.toEnd(key);
    if (!ObjectWrites.isOvertaken(failed.failure())) {
      throw failed;
    }
    objects.look(name);
  }

  private void remove(DockerTypes.Excess one) throws ApiCallException {
    ViewObject object = one.of().get(one.name());
    if (object == null) {
      return;
    }
    try {
      one.of().remove(object);
    } catch (ApiCallException failed) {
      compareNeeded = true;
      if (!ObjectWrites.isOvertaken(failed.failure())) {
        throw failed;
      }
      one.of().look(one.name());
    }
  }

  private long now() {
    return around.ticker().getAsLong();
  }

  @Override
  public void close() {
    types.close();
  }
}
