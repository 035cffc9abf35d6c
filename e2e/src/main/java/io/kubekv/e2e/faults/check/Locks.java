package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.LockCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Acquisitions of a key follow one another in the order of their fencing tokens; nobody gets a key
 * while another surely holds it; nobody gets one for a session that has ended.
 */
public final class Locks {
  private static final String PROMISE = "a lock has one holder";

  private final Map<String, List<LockCall>> acquisitions = new TreeMap<>();
  private final Map<String, List<LockCall>> bySession = new HashMap<>();
  private final List<Violation> found = new ArrayList<>();

  public Locks(History history) {
    for (LockCall call : history.all(LockCall.class)) {
      bySession.computeIfAbsent(call.session(), id -> new ArrayList<>()).add(call);
      if (call.step() == Step.ACQUIRE && call.result() == Result.DONE) {
        acquisitions.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
      }
    }
  }

  public List<Violation> violations() {
    acquisitions.values().forEach(this::check);
    return found;
  }

  private void check(List<LockCall> ofKey) {
    List<LockCall> byTime = new ArrayList<>(ofKey);
    byTime.sort(Comparator.comparingLong(acquired -> acquired.call().returned()));
    LockCall highest = null;
    List<LockCall> held = new ArrayList<>();
    for (LockCall acquired : byTime) {
      checkSession(acquired);
      held.removeIf(other -> surelyHeldUntil(other) <= acquired.call().invoked());
      for (LockCall other : held) {
        if (isOvertaken(other, acquired)) {
          add(acquired, "is acquired while another surely holds it", other);
        }
      }
      held.add(acquired);
      if (highest != null
          && highest.call().precedes(acquired.call())
          && acquired.token() != 0
          && acquired.token() <= highest.token()
          && !acquired.session().equals(highest.session())) {
        add(acquired, "has a token that is not above one given before", highest);
      }
      if (highest == null || acquired.token() > highest.token()) {
        highest = acquired;
      }
    }
  }

  /** Whether all of an acquisition falls into the time in which another surely held the key. */
  private boolean isOvertaken(LockCall holder, LockCall acquired) {
    return !holder.session().equals(acquired.session())
        && holder.call().precedes(acquired.call())
        && acquired.call().returned() < surelyHeldUntil(holder);
  }

  /**
   * Until its first release or end begins, known to succeed or not; and not longer than its time to
   * live after its last acknowledged sign of life began.
   */
  private long surelyHeldUntil(LockCall acquired) {
    long alive = Long.MIN_VALUE;
    long until = Long.MAX_VALUE;
    for (LockCall call : bySession.getOrDefault(acquired.session(), List.of())) {
      boolean later = call.call().invoked() >= acquired.call().invoked();
      switch (call.step()) {
        case BEGIN, RENEW -> {
          if (call.result() == Result.DONE) {
            alive = Math.max(alive, call.call().invoked());
          }
        }
        case END -> until = Math.min(until, call.call().invoked());
        case RELEASE -> {
          if (later && call.key().equals(acquired.key())) {
            until = Math.min(until, call.call().invoked());
          }
        }
        case ACQUIRE -> {}
      }
    }
    return alive == Long.MIN_VALUE
        ? Long.MIN_VALUE
        : Math.min(until, alive + TimeUnit.MILLISECONDS.toNanos(acquired.timeToLiveMillis()));
  }

  private void checkSession(LockCall acquired) {
    Optional<LockCall> end =
        bySession.getOrDefault(acquired.session(), List.of()).stream()
            .filter(call -> call.step() == Step.END || call.step() == Step.RENEW)
            .filter(Locks::tellsOfEnd)
            .filter(call -> call.call().precedes(acquired.call()))
            .findFirst();
    end.ifPresent(call -> add(acquired, "is acquired for a session that had ended", call));
  }

  /** An end that was done, or a renewal that was told that there is no such session. */
  private static boolean tellsOfEnd(LockCall call) {
    return call.result() == (call.step() == Step.END ? Result.DONE : Result.REFUSED);
  }

  @SuppressWarnings("ReferenceEquality") // of the same call
  private void add(LockCall acquired, String words, LockCall other) {
    List<Line> evidence = new ArrayList<>(List.of(other));
    bySession.getOrDefault(other.session(), List.of()).stream()
        .filter(call -> call != other && call.call().returned() > other.call().invoked())
        .filter(call -> call.call().invoked() < acquired.call().returned())
        .forEach(evidence::add);
    if (!evidence.contains(acquired)) {
      evidence.add(acquired);
    }
    found.add(new Violation(PROMISE, acquired.key(), words, evidence));
  }
}
