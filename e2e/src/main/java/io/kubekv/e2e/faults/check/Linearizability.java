package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the operations on one key can have taken effect one at a time, each between its
 * invocation and its answer: Wing and Gong's search ("Testing and Verifying Concurrent Objects",
 * 1993) with Lowe's memory of the configurations that led nowhere ("Testing for Linearizability",
 * 2017). An operation whose outcome is unknown may take effect at any time after its invocation, or
 * never.
 */
final class Linearizability {
  /** What the search says. */
  enum Verdict {
    LINEARIZABLE,
    NOT_LINEARIZABLE,
    /** The search was given up. */
    UNDECIDED
  }

  /** A call, or its answer, in the order of time; answered ones are taken out of the list. */
  private static final class Event {
    final int operation;
    final @Nullable Event answer;
    @Nullable Event previous;
    @Nullable Event next;

    Event(int operation, @Nullable Event answer) {
      this.operation = operation;
      this.answer = answer;
    }
  }

  private record Moment(long time, boolean isAnswer, int operation) {}

  private record Configuration(BitSet done, Register state) {}

  private record Choice(Event call, Register before, boolean only) {}

  private final List<Operation> operations;
  private final Log log;
  private final long patience;
  private final Event head = new Event(-1, null);
  private final int definite;
  private final Set<Configuration> seen = new HashSet<>();
  private final Deque<Choice> chosen = new ArrayDeque<>();
  private final BitSet done = new BitSet();
  private Register state;
  private int definiteDone;
  private long steps;

  /**
   * @param start the state before all operations
   * @param log what is known of the key's changes
   * @param patience how many steps the search may take
   */
  Linearizability(List<Operation> operations, Register start, Log log, long patience) {
    this.operations = List.copyOf(operations);
    this.state = start;
    this.log = log;
    this.patience = patience;
    this.definite = (int) operations.stream().filter(Operation::isDefinite).count();
    link();
  }

  /** How many steps were taken. */
  long steps() {
    return steps;
  }

  /** Searches; to be called once. */
  Verdict verdict() {
    readAll();
    Event at = following(null);
    while (definiteDone < definite) {
      if (++steps > patience) {
        return Verdict.UNDECIDED;
      }
      if (at == null) {
        // nothing more can come next: the last choice was wrong
        if (chosen.isEmpty()) {
          return Verdict.NOT_LINEARIZABLE;
        }
        at = takeBack();
      } else {
        Optional<Register> next = effect(at);
        if (next.isPresent()) {
          choose(at, next.get(), false);
          readAll();
          at = following(null);
        } else {
          at = following(at);
        }
      }
    }
    return Verdict.LINEARIZABLE;
  }

  /**
   * A read or a refusal that fits the state as it is may as well be now: no other order explains
   * more.
   */
  private void readAll() {
    for (Event call = head.next; call != null && call.answer != null; call = call.next) {
      Operation operation = operations.get(call.operation);
      if (operation.onlyReads() && state.after(operation, log).equals(Optional.of(state))) {
        steps++;
        choose(call, state, true);
        call = head;
      }
    }
  }

  /** The next call that may take effect before every answer: those known to have done so first. */
  private @Nullable Event following(@Nullable Event at) {
    boolean definiteOnes = at == null || operations.get(at.operation).isDefinite();
    Event next = scan(at == null ? head.next : at.next, definiteOnes);
    return next == null && definiteOnes ? scan(head.next, false) : next;
  }

  private @Nullable Event scan(@Nullable Event from, boolean definiteOnes) {
    Event at = from;
    while (at != null && at.answer != null) {
      if (operations.get(at.operation).isDefinite() == definiteOnes) {
        return at;
      }
      at = at.next;
    }
    return null;
  }

  /** The state after a call that takes effect now; empty if it cannot, or that leads nowhere. */
  private Optional<Register> effect(Event call) {
    Operation operation = operations.get(call.operation);
    Optional<Register> next = state.after(operation, log);
    if (!operation.isDefinite()) {
      // an unknown change that changes nothing explains nothing
      next = next.filter(after -> !after.equals(state));
    }
    if (next.isEmpty()) {
      return next;
    }
    BitSet then = (BitSet) done.clone();
    then.set(call.operation);
    return seen.add(new Configuration(then, next.get())) ? next : Optional.empty();
  }

  private void choose(Event call, Register next, boolean only) {
    chosen.push(new Choice(call, state, only));
    state = next;
    done.set(call.operation);
    definiteDone += operations.get(call.operation).isDefinite() ? 1 : 0;
    lift(call);
  }

  /** The call that comes in the place of the last chosen one for which there is another. */
  private @Nullable Event takeBack() {
    Choice last;
    do {
      last = chosen.pop();
      state = last.before();
      done.clear(last.call().operation);
      definiteDone -= operations.get(last.call().operation).isDefinite() ? 1 : 0;
      unlift(last.call());
    } while (last.only() && !chosen.isEmpty());
    return last.only() ? null : following(last.call());
  }

  /** Unknown operations have their answer at the end of time. */
  private void link() {
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      moments.add(new Moment(operation.call().invoked(), false, i));
      if (operation.isDefinite()) {
        moments.add(new Moment(operation.call().returned(), true, i));
      }
    }
    // of what happens at one instant, calls come first: then they overlap
    moments.sort(Comparator.comparingLong(Moment::time).thenComparing(Moment::isAnswer));
    Event[] answers = new Event[operations.size()];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = new Event(i, null);
    }
    Event last = head;
    for (Moment moment : moments) {
      Event answer = answers[moment.operation()];
      last = append(last, moment.isAnswer() ? answer : new Event(moment.operation(), answer));
    }
  }

  private static Event append(Event last, Event next) {
    last.next = next;
    next.previous = last;
    return next;
  }

  private void lift(Event call) {
    remove(call);
    if (operations.get(call.operation).isDefinite() && call.answer != null) {
      remove(call.answer);
    }
  }

  private void unlift(Event call) {
    if (operations.get(call.operation).isDefinite() && call.answer != null) {
      putBack(call.answer);
    }
    putBack(call);
  }

  private static void remove(Event event) {
    if (event.previous != null) {
      event.previous.next = event.next;
    }
    if (event.next != null) {
      event.next.previous = event.previous;
    }
  }

  private static void putBack(Event event) {
    if (event.previous != null) {
      event.previous.next = event;
    }
    if (event.next != null) {
      event.next.previous = event;
    }
  }
}
