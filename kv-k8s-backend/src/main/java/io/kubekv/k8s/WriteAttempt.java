package io.kubekv.k8s;

import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.QuarantinedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way to the API, until it has settled: by its own event, by the event of the
 * change that overtook it, or by being reported unknown.
 */
final class WriteAttempt {
  /** How long a write may lack its event before the watch is suspected. */
  private static final Duration SUSPICIOUS = Duration.ofSeconds(1);

  /** How long a refusal may lack its reason before the API is asked. */
  private static final Duration UNEXPLAINED = Duration.ofSeconds(2);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** What the API server takes at most; larger bodies it refuses. */
  private static final int API_BYTES = 1_500_000;

  /**
   * What writes go by.
   *
   * @param calls how many API calls of writes may be under way
   * @param suspect told when the watch does not show what it should
   */
  record Means(KubernetesApi api, Index index, Semaphore calls, Consumer<String> suspect) {}

  private final Means means;
  private final Committer.Change change;
  private final String name;
  private final Deadline deadline;
  private final Settlement settlement;
  private final byte[] body;
  private Duration pause = FIRST_PAUSE;
  private boolean maybeApplied;

  /**
   * @throws LimitExceededException when the API would not take it
   */
  WriteAttempt(Means means, Committer.Change change, Deadline deadline) {
    ObjectSpec next = change.next();
    this.means = means;
    this.change = change;
    this.name =
        change
            .base()
            .map(StoredObject::name)
            .orElseGet(() -> ObjectNames.of(next.type(), next.key()));
    this.deadline = deadline;
    this.settlement = new Settlement(change);
    this.body =
        change
            .base()
            .map(base -> ObjectJson.toReplace(base, next))
            .orElseGet(() -> ObjectJson.toCreate(next));
    if (body.length > API_BYTES) {
      throw new LimitExceededException("object size", "bytes", body.length, API_BYTES);
    }
  }

  /** The name of its object. */
  String name() {
    return name;
  }

  Settlement settlement() {
    return settlement;
  }

  /** Sends it, and again where that is right, until it has settled; blocks. */
  Committer.Outcome run() throws InterruptedException {
    if (isOvertakenAlready()) {
      return new Committer.Outcome.Overtaken();
    }
    awaitRoom();
    send();
    return awaitOutcome();
  }

  /**
   * Sends it without waiting.
   *
   * @return false when too many writes are under way; then it was not sent
   */
  boolean sendAtOnce() {
    boolean room = means.calls().tryAcquire();
    if (room) {
      send();
    }
    return room;
  }

  /** Waits until it has settled, and sends it again where that is right. */
  Committer.Outcome awaitOutcome() throws InterruptedException {
    while (true) {
      settlement.awaitAnything(deadline.butWithin(SUSPICIOUS));
      if (settlement.answer() == null && settlement.shown() == Settlement.Shown.NOTHING) {
        settlement.awaitAnything(deadline);
      }
      Optional<Committer.Outcome> outcome = settle();
      if (outcome.isPresent()) {
        return outcome.get();
      }
      awaitRoom();
      send();
    }
  }

  /** The index moved on after the caller looked at it: no event will tell. */
  boolean isOvertakenAlready() {
    Revision base = change.base().map(StoredObject::revision).orElse(Revision.ZERO);
    return !means
        .index()
        .object(change.next().type(), change.key())
        .map(StoredObject::revision)
        .orElse(Revision.ZERO)
        .equals(base);
  }

  private void awaitRoom() throws InterruptedException {
    if (!means.calls().tryAcquire(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
      throw overloaded("too many writes are under way", Duration.ofSeconds(1));
    }
  }

  /** There is room for it. */
  private void send() {
    settlement.sending();
    CompletableFuture<Optional<ApiFailure>> call =
        settlement.isCreate() ? means.api().create(body) : means.api().replace(name, body);
    call.whenComplete(
        (answer, never) -> {
          means.calls().release();
          settlement.answered(answer);
        });
  }

  /** What became of the write; empty to send it again. */
  private Optional<Committer.Outcome> settle() throws InterruptedException {
    switch (settlement.shown()) {
      case APPLIED -> {
        return Optional.of(settlement.committed());
      }
      case OVERTAKEN -> {
        return Optional.of(overtaken());
      }
      case OBSCURED -> {
        return Optional.of(obscured());
      }
      case NOTHING -> {}
    }
    @Nullable Optional<ApiFailure> answer = settlement.answer();
    if (answer == null) {
      maybeApplied = true;
      throw failed("no answer in time to the write of " + change.key());
    }
    if (answer.isEmpty()) {
      maybeApplied = true;
      return awaitShown(deadline)
          .or(
              () ->
                  fail(
                      "the API accepted the write of "
                          + change.key()
                          + ", but its watch does not show it"));
    }
    return refused(answer.get());
  }

  private Optional<Committer.Outcome> fail(String message) {
    throw failed(message);
  }

  private Optional<Committer.Outcome> refused(ApiFailure failure) throws InterruptedException {
    maybeApplied |= failure.mayBeApplied();
    return switch (failure) {
      case ApiFailure.Conflict unexplained -> explained(unexplained);
      case ApiFailure.AlreadyExists unexplained -> explained(unexplained);
      case ApiFailure.NotFound unexplained -> explained(unexplained);
      case ApiFailure.TooManyRequests busy -> pauseOrGiveUp(busy);
      case ApiFailure.NotYet busy -> pauseOrGiveUp(busy);
      case ApiFailure.Unreachable away -> pauseOrGiveUp(away);
      case ApiFailure.ServerError broken -> pauseOrGiveUp(broken);
      case ApiFailure.NoAnswer lost -> pauseOrGiveUp(lost);
      case ApiFailure.TooLarge large ->
          throw new LimitExceededException("object size", "bytes", body.length, API_BYTES);
      case ApiFailure.Full definite -> throw refusedByApi(definite);
      case ApiFailure.NotServed definite -> throw refusedByApi(definite);
      case ApiFailure.Gone definite -> throw refusedByApi(definite);
      case ApiFailure.Invalid definite -> throw refusedByApi(definite);
      case ApiFailure.Forbidden definite -> throw refusedByApi(definite);
      case ApiFailure.Unauthorized definite -> throw refusedByApi(definite);
    };
  }

  /** Waits until the index shows what the API has refused the write for. */
  private Optional<Committer.Outcome> explained(ApiFailure failure) throws InterruptedException {
    Optional<Committer.Outcome> shown = awaitShown(deadline.butWithin(UNEXPLAINED));
    if (shown.isPresent()) {
      return shown;
    }
    String problem = "the API refuses the write of " + change.key() + ": " + failure.message();
    return isIndexBehind() ? awaitShown(deadline).or(() -> fail(problem)) : fail(problem);
  }

  /**
   * Asks the API, which is ahead of the index when it has another object than the write is based
   * on: then the reason is on its way, however long the watch or a new list takes.
   */
  private boolean isIndexBehind() throws InterruptedException {
    try {
      Optional<ObservedObject> there = means.api().get(name);
      if (there.isPresent() && there.get() instanceof ObservedObject.Foreign stranger) {
        throw new QuarantinedException(
            "object " + name + " has the place of key " + change.key() + ": " + stranger.problem());
      }
      return !there.map(ObservedObject::revision).equals(change.base().map(StoredObject::revision));
    } catch (ApiCallException unreadable) {
      throw failed(
          "the API refuses the write of "
              + change.key()
              + " and does not say why: "
              + unreadable.getMessage());
    }
  }

  /** Waits for the watch; half-way it is suspected. */
  private Optional<Committer.Outcome> awaitShown(Deadline until) throws InterruptedException {
    settlement.awaitShown(until.butWithin(SUSPICIOUS));
    if (settlement.shown() == Settlement.Shown.NOTHING && !until.passed()) {
      means
          .suspect()
          .accept("a write of " + name + " was answered " + SUSPICIOUS + " ago and has not come");
      settlement.awaitShown(until);
    }
    return settlement.shown() == Settlement.Shown.NOTHING ? Optional.empty() : settle();
  }

  /** A create that is still on its way could yet find the name free again. */
  private Committer.Outcome overtaken() throws InterruptedException {
    if (settlement.isCreate()) {
      settlement.awaitAnswer(deadline);
      if (settlement.shown() == Settlement.Shown.APPLIED) {
        return settlement.committed();
      }
      if (settlement.answer() == null) {
        maybeApplied = true;
        throw failed("no answer in time to the creation of " + change.key());
      }
    }
    return new Committer.Outcome.Overtaken();
  }

  /** A new list hides what happened: only a definite refusal tells. */
  private Committer.Outcome obscured() throws InterruptedException {
    settlement.awaitAnswer(deadline);
    @Nullable Optional<ApiFailure> answer = settlement.answer();
    boolean refused =
        !maybeApplied && answer != null && answer.isPresent() && !answer.get().mayBeApplied();
    if (refused) {
      return new Committer.Outcome.Overtaken();
    }
    maybeApplied = true;
    throw failed("the store was listed again while " + change.key() + " was written");
  }

  private Optional<Committer.Outcome> pauseOrGiveUp(ApiFailure failure)
      throws InterruptedException {
    long jittered = (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.0));
    Duration wait =
        failure
            .retryAfter()
            .filter(asked -> asked.toNanos() > jittered)
            .orElse(Duration.ofNanos(jittered));
    boolean fits = wait.toNanos() < deadline.left();
    settlement.awaitShown(fits ? Deadline.in(wait) : deadline.butWithin(UNEXPLAINED));
    if (settlement.shown() != Settlement.Shown.NOTHING) {
      return settle();
    }
    if (!fits) {
      throw failure instanceof ApiFailure.TooManyRequests
          ? overloaded(failure.message(), wait)
          : failed("the API does not take the write of " + change.key() + ": " + failure.message());
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return Optional.empty();
  }

  private StoreException refusedByApi(ApiFailure failure) {
    return failed("the API refuses the write of " + change.key() + ": " + failure.message());
  }

  private StoreException overloaded(String message, Duration retryAfter) {
    return maybeApplied
        ? new OutcomeUnknownException(message)
        : new OverloadedException(message, retryAfter);
  }

  /** What to say of it when nobody waits any more. */
  StoreException interrupted() {
    return failed("interrupted while writing " + change.key());
  }

  private StoreException failed(String message) {
    boolean onItsWay = settlement.wasSent() && settlement.answer() == null;
    return maybeApplied || onItsWay
        ? new OutcomeUnknownException(message + "; it may have been applied")
        : new UnavailableException(message + "; nothing was applied");
  }
}
