package io.kubekv.server.access;

import io.kubekv.server.watch.HistoryGoneException;
import io.kubekv.server.watch.Occurrence;
import io.kubekv.server.watch.Sink;
import io.kubekv.server.watch.WatchRequirements;
import io.kubekv.server.watch.Watches;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client: each needs a grant of its whole range, and is lost when that is taken
 * away.
 */
public record GuardedWatches(Watches watches, Access access) implements Watches {
  @Override
  public void watch(WatchRequirements wanted, Function<Runnable, Sink> open)
      throws HistoryGoneException {
    access.require(Verb.GET, wanted.range());
    watches.watch(
        wanted,
        end -> {
          Held held = new Held(wanted.stream());
          held.sink = open.apply(held.ending(end));
          held.right.take(access.hold(Verb.GET, wanted.range(), () -> held.revoke(end)));
          return held;
        });
  }

  @Override
  public int watchers() {
    return watches.watchers();
  }

  /** Passes events on until its right ends, and gives that up with the watch. */
  private static final class Held implements Sink {
    private final boolean stream;
    private final RightInUse right = new RightInUse();
    private volatile @Nullable Sink sink;

    Held(boolean stream) {
      this.stream = stream;
    }

    /** What the client ends the watch by. */
    Runnable ending(Runnable end) {
      return () -> {
        right.end();
        end.run();
      };
    }

    void revoke(Runnable end) {
      end.run();
      lost();
    }

    @Override
    public boolean deliver(Occurrence occurrence) {
      Sink to = sink;
      boolean goesOn = to != null && to.deliver(occurrence);
      if (!goesOn || !stream) {
        right.end();
      }
      return goesOn;
    }

    @Override
    public void lost() {
      right.end();
      Sink to = sink;
      if (to != null) {
        to.lost();
      }
    }
  }
}
