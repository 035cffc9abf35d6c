package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Watches as Consul's clients do: a listing again and again, each with the index of the one before,
 * so that it is answered when there is a change. What it sees are lists, and checked as such.
 */
final class ConsulWatcher implements Follower {
  private static final long NEVER = Long.MAX_VALUE;

  /** How soon it finds out that there is something else to watch. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Longer than the last change may take to be told, so that it shows when it was missed. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(100);

  private final String name;
  private final Supplier<String> prefixes;
  private final History history;
  private final Pace pace;
  private final Seat<ConsulDoor> seat;
  private final AtomicLong end = new AtomicLong(NEVER);
  private volatile String prefix = "";
  private volatile long last = -1;

  /**
   * @param prefixes what to watch, in the end {@link HotKeys#ROOT}; asked before each listing
   * @param pace gives up at its end
   */
  ConsulWatcher(
      String name,
      Supplier<String> prefixes,
      List<Endpoint> endpoints,
      int first,
      History history,
      Pace pace) {
    this.name = name;
    this.prefixes = prefixes;
    this.history = history;
    this.pace = pace;
    this.seat = new Seat<>(endpoints, first, at -> new ConsulDoor(at, LAST_WAIT.multipliedBy(2)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean watches(String wanted) {
    return prefix.equals(wanted) && last >= 0;
  }

  @Override
  public void endAt(long revision) {
    end.set(revision);
  }

  @Override
  public boolean hasEnded() {
    return last >= end.get();
  }

  @Override
  public void run() {
    while (!hasEnded() && !pace.isOver()) {
      String now = prefixes.get();
      if (!now.equals(prefix)) {
        prefix = now;
        last = -1;
      }
      look();
    }
    seat.close();
  }

  private void look() {
    Duration wait = prefix.equals(HotKeys.ROOT) ? LAST_WAIT : WAIT;
    long id = history.nextCall();
    long invoked = System.nanoTime();
    ConsulDoor door = seat.door();
    Optional<Door.Listing> seen = last < 0 ? door.list(prefix) : door.listAfter(prefix, last, wait);
    if (seen.isEmpty()) {
      seat.move();
      Pace.pause(50);
      return;
    }
    Call call = new Call(id, name, door.name(), seat.replica(), invoked, System.nanoTime());
    history.add(new ListSeen(call, prefix, seen.get().revision(), seen.get().items()));
    last = seen.get().revision();
  }
}
