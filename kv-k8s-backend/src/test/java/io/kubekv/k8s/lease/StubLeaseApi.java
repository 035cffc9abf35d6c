package io.kubekv.k8s.lease;

import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The one Lease of a store, in memory, with faults to order. */
final class StubLeaseApi implements LeaseApi {
  /** What happens to the next change. */
  enum Fault {
    /** It is applied and its answer lost. */
    LOSE_ANSWER,
    /** It is lost before it is applied. */
    LOSE_REQUEST,
    /** It is applied, and time passes before the answer comes. */
    ANSWER_LATE,
    /** It is refused for load. */
    SHED
  }

  private final FakeClocks clocks;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private Duration lateness = Duration.ZERO;
  private Optional<LeaseState> lease = Optional.empty();
  private int version;
  private int updates;
  private Runnable beforeChange = () -> {};

  StubLeaseApi(FakeClocks clocks) {
    this.clocks = clocks;
  }

  /** Faults of the next changes, in order; reads are not touched. */
  void fail(Fault... next) {
    for (Fault fault : next) {
      faults.add(fault);
    }
  }

  void answerLateBy(Duration by) {
    lateness = by;
    faults.add(Fault.ANSWER_LATE);
  }

  /** Runs once, before the next change reaches the API. */
  void beforeNextChange(Runnable action) {
    beforeChange = action;
  }

  LeaseState now() {
    return lease.orElseThrow();
  }

  int updates() {
    return updates;
  }

  void delete() {
    lease = Optional.empty();
  }

  /** Somebody else changes the object. */
  void edit(UnaryOperator<LeaseState> change) {
    store(change.apply(now()));
  }

  /** A candidate of the name takes it, or makes it. */
  void takenBy(String holder, Duration duration) {
    LeaseState before = lease.orElse(LeaseState.vacant(clocks.wall()));
    store(before.takenBy(holder, duration, clocks.wall(), Map.of()));
  }

  @Override
  public Answer get() {
    return lease
        .<Answer>map(Answer.Got::new)
        .orElseGet(() -> new Answer.Failed(new ApiFailure.NotFound("leases", "none")));
  }

  @Override
  public Answer create(LeaseState wanted) {
    return change(
        () ->
            lease.isPresent()
                ? new Answer.Failed(new ApiFailure.AlreadyExists("there is one"))
                : store(wanted));
  }

  @Override
  public Answer update(LeaseState wanted) {
    return change(
        () -> {
          if (lease.isEmpty()) {
            return new Answer.Failed(new ApiFailure.NotFound("leases", "none"));
          }
          return wanted.version().equals(now().version())
              ? store(wanted)
              : new Answer.Failed(new ApiFailure.Conflict("changed"));
        });
  }

  private Answer change(Supplier<Answer> request) {
    Runnable before = beforeChange;
    beforeChange = () -> {};
    before.run();
    updates++;
    Fault fault = faults.poll();
    if (fault == null) {
      return request.get();
    }
    return switch (fault) {
      case LOSE_REQUEST -> new Answer.Failed(new ApiFailure.NoAnswer("lost"));
      case SHED -> new Answer.Failed(new ApiFailure.TooManyRequests(Duration.ofSeconds(1), "busy"));
      case LOSE_ANSWER -> {
        Answer unseen = request.get();
        yield new Answer.Failed(new ApiFailure.NoAnswer("lost: " + unseen));
      }
      case ANSWER_LATE -> {
        Answer answer = request.get();
        clocks.advance(lateness);
        yield answer;
      }
    };
  }

  private Answer store(LeaseState wanted) {
    version++;
    LeaseState stored =
        new LeaseState(
            "v" + version,
            wanted.holder(),
            wanted.duration(),
            wanted.acquired(),
            wanted.renewed(),
            wanted.transitions(),
            wanted.labels(),
            wanted.annotations());
    lease = Optional.of(stored);
    return new Answer.Got(stored);
  }
}
