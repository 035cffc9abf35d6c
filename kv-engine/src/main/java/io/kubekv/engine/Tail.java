package io.kubekv.engine;

import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Decision;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided and is not known to be in the log: the state that it leads to, the entry that is
 * on its way, and what waits for the next ones. For one thread at a time.
 */
final class Tail {
  /** Decisions that go into one entry, and those that they wait for. */
  static final class Batch {
    private final List<Commit> commits = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private final List<Held.Change<?>> answers = new ArrayList<>();
    private final State before;
    private State after;
    private long bytes;
    private boolean ofTheHolder;

    private Batch(State before) {
      this.before = before;
      this.after = before;
    }

    private void add(Decision<?> decision, long more) {
      for (Effect effect : decision.effects()) {
        commits.add(effect.commit());
        effects.add(effect);
      }
      after = decision.after();
      bytes += more;
    }

    /**
     * What its commits do, as it was found out when they were decided.
     *
     * @return empty when it was decided on another state, or is not what has come back
     */
    @SuppressWarnings("ReferenceEquality") // an equal state costs more to find out than to make
    Optional<List<Effect>> effects(State applied, List<Commit> back) {
      return applied == before && commits.equals(back) ? Optional.of(effects) : Optional.empty();
    }

    List<Commit> commits() {
      return commits;
    }

    List<Held.Change<?>> answers() {
      return answers;
    }

    /** About how much it takes in the log. */
    long bytes() {
      return bytes;
    }
  }

  /** An entry on its way to its position; it is sent until it is known what stands there. */
  static final class Flight {
    private final LogEntry entry;
    private final Batch batch;
    private final List<LogEntry.Part> further;
    private int attempts;

    private Flight(LogEntry entry, Batch batch, List<LogEntry.Part> further) {
      this.entry = entry;
      this.batch = batch;
      this.further = further;
    }

    LogEntry entry() {
      return entry;
    }

    /** Whether an entry makes the changes that were sent, and no others. */
    boolean says(LogEntry back) {
      return back.commits().equals(entry.commits()) && back.part().equals(entry.part());
    }

    Batch batch() {
      return batch;
    }

    /** The parts that are to follow. */
    List<LogEntry.Part> further() {
      return further;
    }

    /** Who hears of it when it has come back, or that it never will. */
    List<Held.Change<?>> answers() {
      return batch.answers;
    }

    /** Counts the attempts, this one included. */
    int attempt() {
      return ++attempts;
    }

    int attempts() {
      return attempts;
    }
  }

  private final long maxEntryBytes;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private @Nullable Flight flight;
  private volatile State prepared = State.EMPTY;
  private long bytes;

  Tail(long maxEntryBytes) {
    this.maxEntryBytes = maxEntryBytes;
  }

  /** The state with all that was decided. */
  State prepared() {
    return prepared;
  }

  Optional<Flight> flight() {
    return Optional.ofNullable(flight);
  }

  /** Whether anything waits for the next entries. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether something waits for the next entries that the holder asked for, but for the clock. */
  boolean hasOfTheHolder() {
    return waiting.stream().anyMatch(batch -> batch.ofTheHolder);
  }

  /** How much waits for the next entries. */
  long bytes() {
    return bytes;
  }

  /**
   * Queues a decision that changes something.
   *
   * @param more the bytes that it takes in the log
   */
  void add(Held.Change<?> request, Decision<?> decision, long more) {
    Batch last = waiting.peekLast();
    if (last == null || last.bytes + more > maxEntryBytes) {
      last = new Batch(prepared);
      waiting.add(last);
    }
    last.add(decision, more);
    last.answers.add(request);
    last.ofTheHolder |= request.isOfTheHolder() && !(request.request() instanceof Request.PassTime);
    bytes += more;
    prepared = decision.after();
  }

  /** Lets an answer wait for all that it was decided on; false when that is in the log already. */
  boolean await(Held.Change<?> request) {
    Batch last = waiting.peekLast();
    if (last == null && flight != null) {
      last = flight.batch;
    }
    return last != null && last.answers.add(request);
  }

  /** Whether somebody's patience has ended who waits for the next entries. */
  boolean hasLate(long now) {
    return waiting.stream()
        .flatMap(batch -> batch.answers.stream())
        .anyMatch(change -> change.isLate(now));
  }

  /** What the next entry takes; empty when nothing waits. */
  Optional<Batch> next() {
    Batch next = waiting.poll();
    if (next != null) {
      bytes -= next.bytes;
    }
    return Optional.ofNullable(next);
  }

  /** What the first entry of a holder takes, which nobody asked for; nothing was decided before. */
  Batch barrier(Decision<?> decision) {
    Batch barrier = new Batch(prepared);
    barrier.add(decision, decision.bytes());
    prepared = decision.after();
    return barrier;
  }

  /** The entry is on its way from now on. */
  Flight sent(LogEntry entry, Batch batch, List<LogEntry.Part> further) {
    Flight sent = new Flight(entry, batch, further);
    flight = sent;
    return sent;
  }

  /** The entry on its way has come back. */
  void landed(State applied) {
    flight = null;
    if (waiting.isEmpty()) {
      prepared = applied;
    }
  }

  /** Forgets what waits for the next entries; who had asked for it, in order. */
  List<Held.Change<?>> dropWaiting(State applied) {
    List<Held.Change<?>> dropped = new ArrayList<>();
    waiting.forEach(batch -> dropped.addAll(batch.answers));
    waiting.clear();
    bytes = 0;
    prepared = flight == null ? applied : flight.batch.after;
    return dropped;
  }

  /** Forgets all that was decided; who had asked for it, in order. */
  List<Held.Change<?>> drop(State applied) {
    List<Held.Change<?>> dropped = new ArrayList<>();
    if (flight != null) {
      dropped.addAll(flight.answers());
      flight = null;
    }
    dropped.addAll(dropWaiting(applied));
    return dropped;
  }
}
