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

  private record Choice(Event call, Register before) {}

  private final List<Operation> operations;
  private final Register start;
  private final long patience;
  private final Event head = new Event(-1, null);
  private final int definite;
  private long steps;

  /**
   * @param start the state before all operations
   * @param patience how many steps the search may take
   */
  Linearizability(List<Operation> operations, Register start, long patience) {
    this.operations = List.copyOf(operations);
    this.start = start;
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
    Set<Configuration> seen = new HashSet<>();
    Deque<Choice> chosen = new ArrayDeque<>();
    BitSet done = new BitSet();
    Register state = start;
    int definiteDone = 0;
    Event at = head.next;
    while (definiteDone < definite) {
      if (++steps > patience) {
        return Verdict.UNDECIDED;
      }
      Optional<Register> next = Optional.empty();
      if (at != null && at.answer != null) {
        next = state.after(operations.get(at.operation));
        done.set(at.operation);
        if (next.isPresent() && !seen.add(new Configuration((BitSet) done.clone(), next.get()))) {
          next = Optional.empty();
        }
      }
      if (next.isPresent() && at != null) {
        chosen.push(new Choice(at, state));
        state = next.get();
        definiteDone += operations.get(at.operation).isDefinite() ? 1 : 0;
        lift(at);
        at = head.next;
      } else if (at != null && at.answer != null) {
        done.clear(at.operation);
        at = at.next;
      } else {
        // an answer of what has not taken effect, or the end: the last choice was wrong
        if (chosen.isEmpty()) {
          return Verdict.NOT_LINEARIZABLE;
        }
        Choice last = chosen.pop();
        state = last.before();
        done.clear(last.call().operation);
        definiteDone -= operations.get(last.call().operation).isDefinite() ? 1 : 0;
        unlift(last.call());
        at = last.call().next;
      }
    }
    return Verdict.LINEARIZABLE;
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
