package io.kubekv.consul;

import io.kubekv.Revision;
import io.kubekv.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A query that waits. It holds no thread; when it is woken or its time is up, whichever comes
 * first, the question is asked again on a thread of its own and answered. Thread-safe.
 */
final class Parked {
  private final Call call;
  private final Supplier<Snapshot> question;
  private final Revision index;
  private final int content;
  private final Executor threads;
  private List<Runnable> releases = new ArrayList<>(2);
  private boolean over;

  /**
   * @param index what the client has seen
   * @param content of what it has seen, see {@link Snapshot#content}
   */
  Parked(Call call, Supplier<Snapshot> question, Revision index, int content, Executor threads) {
    this.call = call;
    this.question = question;
    this.index = index;
    this.content = content;
    this.threads = threads;
  }

  /** Says what else to end when the wait ends; runs it at once when it has ended. */
  void onEnd(Runnable release) {
    synchronized (this) {
      if (!over) {
        releases.add(release);
        return;
      }
    }
    release.run();
  }

  /** Something may have changed. Never blocks. */
  void wake() {
    if (end()) {
      threads.execute(() -> call.run(() -> answer(Revision.ZERO)));
    }
  }

  /** Nothing has changed for as long as the client wanted to wait. Never blocks. */
  void timeUp() {
    if (end()) {
      threads.execute(() -> call.run(() -> answer(index)));
    }
  }

  /** The client has gone away. */
  void gone() {
    end();
  }

  /** It cannot wait; whoever calls this answers. False when it is over already. */
  boolean end() {
    List<Runnable> ending;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      ending = releases;
      releases = List.of();
    }
    ending.forEach(Runnable::run);
    return true;
  }

  /**
   * @param unchanged up to this revision nothing has changed: the client keeps its index, lest it
   *     take the new one for news; unless there has been news since the time was up
   */
  private void answer(Revision unchanged) {
    try {
      Snapshot now = question.get();
      boolean keeps =
          !now.isExact() && now.content() == content && !unchanged.equals(Revision.ZERO);
      boolean known = keeps && unchanged.isBefore(now.index());
      call.answer(now.response().get().at(known ? unchanged : now.index()));
    } catch (StoreException failure) {
      call.answer(StoreFailures.response(failure));
    }
  }
}
