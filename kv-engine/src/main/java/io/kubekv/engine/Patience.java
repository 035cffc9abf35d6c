package io.kubekv.engine;

import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.UnavailableException;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.util.List;
import java.util.function.Consumer;

/** What callers hear whose patience ends. */
final class Patience {
  private Patience() {}

  /** The one who asked for a change that was sent cannot know; the others can. */
  static void giveUp(Held.Change<?> change) {
    change.refuse(
        change.changes()
            ? new OutcomeUnknownException("the change was sent, and the log does not answer")
            : new UnavailableException("the log does not answer; nothing was changed"));
  }

  /**
   * Refuses those for whose changes the log has no room.
   *
   * @return what the holder asked for and is to be decided again later; of the time that has passed
   *     there will be another record
   */
  static List<Held.Change<?>> full(List<Held.Change<?>> dropped, Log.Appended.Full full) {
    dropped.stream()
        .filter(change -> !change.isOfTheHolder())
        .forEach(
            change -> change.refuse(new OverloadedException(full.reason(), full.retryAfter())));
    return dropped.stream()
        .filter(Held.Change::isOfTheHolder)
        .filter(change -> !(change.request() instanceof Request.PassTime))
        .toList();
  }

  /**
   * Looks who has waited long enough for the log.
   *
   * @param again decides those anew who were decided after one that gives up before it was sent
   */
  static void sweep(Tail tail, State applied, Consumer<Held.Change<?>> again) {
    long now = System.nanoTime();
    tail.flight().stream()
        .flatMap(flight -> flight.answers().stream())
        .filter(change -> change.isLate(now))
        .forEach(Patience::giveUp);
    if (!tail.hasLate(now)) {
      return;
    }
    for (Held.Change<?> change : tail.dropWaiting(applied)) {
      if (change.isLate(now)) {
        change.refuse(new UnavailableException("the log does not answer; nothing was changed"));
      } else {
        again.accept(change);
      }
    }
  }
}
