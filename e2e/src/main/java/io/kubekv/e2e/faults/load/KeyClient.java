package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** One client that reads, lists and changes the hot keys, one call after the other. */
final class KeyClient implements Runnable {
  /** How often each is chosen, against the others. */
  private static final Map<Action, Integer> WEIGHTS =
      Map.of(
          Action.GET, 5,
          Action.PUT, 3,
          Action.CREATE, 1,
          Action.SWAP, 4,
          Action.DELETE, 1,
          Action.DELETE_IF, 1,
          Action.REMOVE, 1);

  private static final int LISTS_IN_A_HUNDRED = 5;
  private static final int OWN_REVISION_IN_TEN = 8;

  private final String name;
  private final Seat<Door> seat;
  private final HotKeys keys;
  private final History history;
  private final Pace pace;
  private final SplittableRandom random;
  private final long pauseMillis;
  private final Map<String, Long> revisions = new HashMap<>();
  private int values;

  /**
   * @param pauseMillis between two calls, on average
   */
  KeyClient(
      String name,
      Seat<Door> seat,
      HotKeys keys,
      History history,
      Pace pace,
      SplittableRandom random,
      long pauseMillis) {
    this.name = name;
    this.seat = seat;
    this.keys = keys;
    this.history = history;
    this.pace = pace;
    this.random = random;
    this.pauseMillis = pauseMillis;
  }

  @Override
  public void run() {
    while (!pace.isOver()) {
      boolean answered = random.nextInt(100) < LISTS_IN_A_HUNDRED ? list() : operate();
      if (!answered) {
        seat.move();
        Pace.pause(20);
      }
      if (pauseMillis > 0) {
        Pace.pause(random.nextLong(2 * pauseMillis + 1));
      }
    }
    seat.close();
  }

  private boolean list() {
    String prefix = keys.directory();
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Optional<Door.Listing> listing = seat.door().list(prefix);
    Call call = call(id, invoked);
    listing.ifPresent(
        seen -> history.add(new ListSeen(call, prefix, seen.revision(), seen.items())));
    return listing.isPresent();
  }

  private boolean operate() {
    Action action = choose();
    String key = keys.key(random.nextInt());
    String value = action.stores() ? name + "." + values++ : "";
    long expected = action == Action.SWAP || action == Action.DELETE_IF ? expectedRevision(key) : 0;
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Answer answer = seat.door().call(action, key, value, expected);
    Call call = call(id, invoked);
    history.add(
        new Operation(
            call, action, key, value, expected, answer.result(), answer.seen(), answer.revision()));
    note(action, key, answer);
    return answer.result() == Result.DONE || answer.result() == Result.REFUSED;
  }

  private Call call(long id, long invoked) {
    return new Call(id, name, seat.door().name(), seat.replica(), invoked, System.nanoTime());
  }

  private Action choose() {
    List<Action> lots = new ArrayList<>();
    for (Action action : Action.values()) {
      if (seat.door().actions().contains(action)) {
        for (int i = 0; i < WEIGHTS.getOrDefault(action, 0); i++) {
          lots.add(action);
        }
      }
    }
    return lots.get(random.nextInt(lots.size()));
  }

  /** Mostly what was seen last, which may hold; sometimes one that cannot. */
  private long expectedRevision(String key) {
    long known = revisions.getOrDefault(key, 1L);
    return random.nextInt(10) < OWN_REVISION_IN_TEN ? known : Math.max(1, known - 1);
  }

  private void note(Action action, String key, Answer answer) {
    Sight seen = answer.seen();
    if (answer.revision() != 0 && action.stores()) {
      revisions.put(key, answer.revision());
    } else if (seen.exists() && answer.result() != Result.UNKNOWN) {
      revisions.put(key, seen.revision());
    }
  }
}
