package io.kubekv.k8s.lease;

import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the store's Lease, or waits for it. At any moment at most one process's {@link Term} is
 * valid, whatever requests and answers are lost or late, as long as clocks run at rates within 1 %
 * of each other.
 *
 * <p>The rules, each of which that needs:
 *
 * <ul>
 *   <li>A holder counts from the moment it sent the renewal that was answered, less a margin.
 *   <li>A candidate takes the lease by replacing the very version that it has seen unchanged, on
 *       its own monotonic clock, for the longer of the object's duration and its own, plus a
 *       margin. Nobody's wall clock is read. Another version starts the wait anew.
 *   <li>A missing Lease may be one that was deleted under its holder: it is seen missing for as
 *       long, unless the store has never had a holder.
 *   <li>An identity is used by one process only, so that a lease found in our name is the result of
 *       our own request, whose answer was lost.
 *   <li>A term that has run out is over, even if nobody else took the lease: getting it again is
 *       another term.
 *   <li>Validity ends before a release is sent.
 * </ul>
 *
 * <p>{@link #run} does it all; {@link #close} releases. Thread-safe.
 */
final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  /** Where we stand. */
  private sealed interface State {
    /** Somebody else holds it, or nobody does. */
    record Seeking(Candidacy candidacy) implements State {}

    /** We hold this Lease. */
    record Holding(LeaseState lease, Term term) implements State {}

    /** Released for good. */
    record Closed() implements State {}
  }

  /** How often a candidate looks that has reason to hurry, and for how long. */
  private static final Duration HURRY = Duration.ofMillis(50);

  private static final Duration HURRIES_FOR = Duration.ofSeconds(3);

  /**
   * A Lease as last seen.
   *
   * @param sinceNanos when this version of it was first seen, on the monotonic clock
   */
  record Sighting(LeaseState lease, long sinceNanos) {}

  private final ToldFailures failures;
  private final LeaseRequests lease;
  private final LeaseSettings settings;
  private final Clocks clocks;
  private final BooleanSupplier storeIsNew;
  private final LeadershipListener listener;
  private final String identity;

  /** Held through API calls: a release must not meet a renewal under way. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition woken = lock.newCondition();
  private State state;
  private volatile long terms;
  private volatile long renewalsFailed;
  private volatile Optional<Term> term = Optional.empty();
  private volatile Optional<Sighting> seen = Optional.empty();
  private volatile long hurriesUntil;

  /**
   * @param storeIsNew whether the store holds no marker, so that it never had a holder; asked only
   *     while there is no Lease
   * @param annotations what to write into the Lease with the next renewal, such as a checkpoint and
   *     this process's address; those not named stay as they are. Must not block
   */
  Leadership(
      LeaseApi api,
      LeaseSettings settings,
      Clocks clocks,
      BooleanSupplier storeIsNew,
      Supplier<Map<String, String>> annotations,
      LeadershipListener listener) {
    this.settings = settings;
    this.clocks = clocks;
    this.storeIsNew = storeIsNew;
    this.listener = listener;
    this.failures = new ToldFailures(clocks);
    this.identity = settings.owner() + "_" + UUID.randomUUID();
    this.lease = new LeaseRequests(api, settings, clocks, identity, annotations);
    this.state = seeking(Duration.ZERO);
  }

  /** Unique to this process and this object. */
  String identity() {
    return identity;
  }

  /** The current term, valid or not; empty when somebody else holds the lease or nobody does. */
  Optional<Term> term() {
    return term;
  }

  /** The Lease as last seen, by whomever it is held; empty before a first look. */
  Optional<Sighting> seen() {
    return seen;
  }

  /** How often this process got the lease. */
  long terms() {
    return terms;
  }

  /** How many renewals failed since the start. */
  long renewalsFailed() {
    return renewalsFailed;
  }

  /**
   * Looks at the lease at once, and often for a few seconds: its holder is about to give it back,
   * or has. Never blocks.
   */
  void hurry() {
    hurriesUntil = clocks.nanoTime() + HURRIES_FOR.toNanos();
    if (lock.tryLock()) {
      try {
        woken.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Holds or waits until closed or interrupted; blocks. */
  void run() {
    try {
      while (true) {
        Duration pause = step();
        lock.lockInterruptibly();
        try {
          if (state instanceof State.Closed) {
            return;
          }
          boolean early = woken.await(hurried(pause).toNanos(), TimeUnit.NANOSECONDS);
          log.trace("next look at the lease{}", early ? ", woken" : "");
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what is due and says when to call again. Blocks for a request or two to the API. */
  Duration step() {
    lock.lock();
    try {
      return switch (state) {
        case State.Holding holding -> hold(holding);
        case State.Seeking seeking -> seek(seeking.candidacy());
        case State.Closed closed -> settings.duration();
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the lease go because this process cannot serve, and leaves it to others for a while. The
   * term is invalid at once; the release blocks for a request or two. Nothing happens when the term
   * is not the current one.
   *
   * @param pause how long not to take it again
   */
  void giveUp(Term which, Duration pause, String why) {
    which.end();
    lock.lock();
    try {
      if (which.number() == terms && !(state instanceof State.Closed)) {
        letGo(why);
        state = seeking(pause);
        woken.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Releases the lease, if it is held, so that the next replica takes it at once. May be repeated.
   */
  @Override
  public void close() {
    term.ifPresent(Term::end);
    lock.lock();
    try {
      if (state instanceof State.Holding holding) {
        log.info("gives the lease {} back: this process stops", settings.name());
        leave(holding, "this process stops");
      }
      release();
      state = new State.Closed();
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait really before the next step: less while there is reason to hurry. */
  Duration hurried(Duration pause) {
    boolean hurries =
        state instanceof State.Seeking
            && hurriesUntil - clocks.nanoTime() > 0
            && pause.compareTo(HURRY) > 0;
    return hurries ? HURRY : pause;
  }

  private void see(LeaseState found) {
    Optional<Sighting> last = seen;
    boolean same = last.filter(then -> then.lease().version().equals(found.version())).isPresent();
    long since = same ? last.get().sinceNanos() : clocks.nanoTime();
    seen = Optional.of(new Sighting(found, since));
  }

  /** Safe, because candidates wait for the longer of both; but one of them is a mistake. */
  private void compareDurations(LeaseState found) {
    boolean known =
        seen.map(Sighting::lease).map(LeaseState::holder).equals(Optional.of(found.holder()));
    boolean differs = !found.duration().equals(settings.duration());
    if (!known && differs && found.holder().filter(other -> !other.equals(identity)).isPresent()) {
      log.warn(
          "{} holds the lease {} for {} s at a time, but here it is {} s: take-overs need the"
              + " longer of both; give all replicas of a store the same lease duration",
          found.holder().get(),
          settings.name(),
          found.duration().toSeconds(),
          settings.duration().toSeconds());
    }
  }

  private State seeking(Duration standBack) {
    return new State.Seeking(new Candidacy(settings, clocks, identity, standBack));
  }

  private Duration seek(Candidacy candidacy) {
    return switch (lease.look()) {
      case LeaseApi.Answer.Got got -> {
        LeaseState found = got.lease();
        compareDurations(found);
        see(found);
        Duration left = candidacy.left(found);
        yield left.isZero()
            ? take(found.annotations(), () -> lease.take(found))
            : settings.pollIn(left);
      }
      case LeaseApi.Answer.Failed failed ->
          failed.failure() instanceof ApiFailure.NotFound
              ? seekNone(candidacy)
              : afterFailure("looking at the lease", failed.failure());
    };
  }

  private Duration seekNone(Candidacy candidacy) {
    Duration left = candidacy.leftWhenMissing(storeIsNew.getAsBoolean());
    return left.isZero() ? take(Map.of(), lease::make) : settings.pollIn(left);
  }

  private Duration take(Map<String, String> left, Supplier<LeaseApi.Answer> request) {
    Term.Sent sent = Term.Sent.now(clocks);
    return switch (request.get()) {
      case LeaseApi.Answer.Got got -> acquired(left, got.lease(), sent);
      case LeaseApi.Answer.Failed failed -> afterFailure("taking the lease", failed.failure());
    };
  }

  private Duration acquired(Map<String, String> left, LeaseState now, Term.Sent sent) {
    failures.over();
    terms++;
    Term next = new Term(terms, clocks, sent, settings.duration());
    state = new State.Holding(now, next);
    see(now);
    term = Optional.of(next);
    log.info("holding the lease {} as {}, term {}", settings.name(), identity, terms);
    listener.acquired(next, left);
    return settings.renewInterval();
  }

  private Duration hold(State.Holding holding) {
    if (!holding.term().isValid()) {
      return lose(holding, "it ran out before it was renewed, or the machine was suspended");
    }
    Term.Sent sent = Term.Sent.now(clocks);
    return switch (lease.renew(holding.lease())) {
      case LeaseApi.Answer.Got got -> renewed(holding, got.lease(), sent);
      case LeaseApi.Answer.Failed failed -> notRenewed(holding, failed.failure());
    };
  }

  private Duration renewed(State.Holding holding, LeaseState now, Term.Sent sent) {
    see(now);
    if (!holding.term().renewed(sent, settings.duration())) {
      return lose(holding, "the answer to its renewal came too late");
    }
    failures.over();
    state = new State.Holding(now, holding.term());
    return settings.renewInterval();
  }

  private Duration notRenewed(State.Holding holding, ApiFailure failure) {
    renewalsFailed = renewalsFailed + 1;
    tell("renewing the lease", failure);
    if (failure instanceof ApiFailure.Conflict) {
      return recheck(holding);
    }
    if (failure instanceof ApiFailure.NotFound) {
      return lose(holding, "somebody deleted it");
    }
    return settings.retryIn(failure);
  }

  /** Somebody changed it: we did, when an answer was lost; a person; or another took it. */
  private Duration recheck(State.Holding holding) {
    return switch (lease.look()) {
      case LeaseApi.Answer.Got got -> {
        see(got.lease());
        if (!got.lease().isHeldBy(identity)) {
          yield lose(holding, "it is held by " + got.lease().holder().orElse("nobody"));
        }
        state = new State.Holding(got.lease(), holding.term());
        yield Duration.ZERO;
      }
      case LeaseApi.Answer.Failed failed -> settings.retryIn(failed.failure());
    };
  }

  private Duration lose(State.Holding holding, String why) {
    log.warn("lost the lease {}, term {}: {}", settings.name(), holding.term().number(), why);
    leave(holding, why);
    return Duration.ZERO;
  }

  private void leave(State.Holding holding, String why) {
    holding.term().end();
    term = Optional.empty();
    state = seeking(Duration.ZERO);
    listener.lost(holding.term(), why);
  }

  private void letGo(String why) {
    if (state instanceof State.Holding holding) {
      lose(holding, why);
    }
    release();
  }

  /** Also when the term ended while its renewal was under way: the Lease is still in our name. */
  private void release() {
    Optional<LeaseState> ours = seen.map(Sighting::lease).filter(found -> found.isHeldBy(identity));
    if (ours.isPresent() && !lease.release(ours.get())) {
      log.warn("the lease {} could not be released: the others wait it out", settings.name());
    }
    seen = Optional.empty();
  }

  private Duration afterFailure(String doing, ApiFailure failure) {
    if (failure instanceof ApiFailure.Conflict || failure instanceof ApiFailure.AlreadyExists) {
      log.debug("{}: somebody was faster", doing);
      return settings.pollInterval();
    }
    tell(doing, failure);
    return settings.retryIn(failure);
  }

  private void tell(String doing, ApiFailure failure) {
    String text = "%s %s failed: %s".formatted(doing, settings.name(), failure.message());
    if (failures.isWorthTelling(text)) {
      log.warn("{}", text);
    } else {
      log.debug("again: {}", text);
    }
  }
}
