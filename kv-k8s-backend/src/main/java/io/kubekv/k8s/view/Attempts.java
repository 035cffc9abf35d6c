package io.kubekv.k8s.view;

import io.kubekv.LimitExceededException;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests about single objects. What fails for one object is tried again later, and stops no
 * other; what fails for all of them is thrown. Belongs to the view's thread.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** When so many of a tick are refused, and none succeeds, it is not the objects' fault. */
  private static final int ALL = 4;

  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final Edits edits;
  private final LongSupplier ticker;

  /** The objects that failed, by name. */
  private final Map<String, Failed> failed = new HashMap<>();

  private int refusedNow;
  private int doneNow;

  /** An object that failed, and what the API says of it; empty when others were only ahead. */
  private record Failed(Pause pause, String refusal) {}

  /** A request about one object. */
  interface Call {
    void run() throws ApiCallException;
  }

  Attempts(ObjectIndex index, ObjectWrites writes, Edits edits, LongSupplier ticker) {
    this.index = index;
    this.writes = writes;
    this.edits = edits;
    this.ticker = ticker;
  }

  /** A tick begins. */
  void begin() {
    refusedNow = 0;
    doneNow = 0;
  }

  /** Whether the object may be tried now. */
  boolean isReady(String name) {
    Failed before = failed.get(name);
    return before == null || before.pause().isOver();
  }

  /** Whether the object must be tried again. */
  boolean hasFailed(String name) {
    return failed.containsKey(name);
  }

  /** The object is another one now, or none. */
  void forget(String name) {
    failed.remove(name);
  }

  /** Everything is tried anew. */
  void forgetAll() {
    failed.clear();
  }

  /** What the API refuses while other objects can be written; empty when nothing. */
  String problem() {
    return failed.values().stream()
        .map(Failed::refusal)
        .filter(refusal -> !refusal.isEmpty())
        .findFirst()
        .map(refusal -> "objects that the Kubernetes API refuses: " + refusal)
        .orElse("");
  }

  /**
   * Tries; where somebody else was ahead, looks at the object again.
   *
   * @param giveUp run when the API will never take the object as it is
   */
  void run(String name, Call call, Runnable giveUp) throws ApiCallException {
    try {
      call.run();
      failed.remove(name);
      doneNow++;
    } catch (LimitExceededException noKey) {
      failed.remove(name);
      giveUp.run();
    } catch (ApiCallException failure) {
      after(name, failure, giveUp);
    }
  }

  private void after(String name, ApiCallException failure, Runnable giveUp)
      throws ApiCallException {
    if (ObjectWrites.isHopeless(failure.failure())) {
      log.warn("the object {} cannot be written: {}", name, failure.getMessage());
      failed.remove(name);
      giveUp.run();
    } else if (ObjectWrites.isOvertaken(failure.failure())) {
      later(name, "");
      ViewObject before = index.get(name);
      writes.look(name);
      ViewObject now = index.get(name);
      if (now != null) {
        edits.note(before, now);
      }
    } else if (failure.failure() instanceof ApiFailure.Forbidden) {
      if (problem().isEmpty()) {
        log.info("an object is refused and tried again later: {}", failure.getMessage());
      }
      later(name, String.valueOf(failure.getMessage()));
      refusedNow++;
      if (refusedNow >= ALL && doneNow == 0) {
        throw failure;
      }
    } else {
      throw failure;
    }
  }

  private void later(String name, String refusal) {
    Failed before = failed.get(name);
    Pause pause = before == null ? new Pause(FIRST_PAUSE, LONGEST_PAUSE, ticker) : before.pause();
    pause.begin(Optional.empty());
    failed.put(name, new Failed(pause, refusal));
  }
}
