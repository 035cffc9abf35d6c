package io.kubekv.transport.access;

import io.kubekv.Key;
import io.kubekv.WatchEvent;
import io.kubekv.transport.watch.HistoryGoneException;
import io.kubekv.transport.watch.Occurrence;
import io.kubekv.transport.watch.Sink;
import io.kubekv.transport.watch.WatchRequirements;
import io.kubekv.transport.watch.Watches;
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
          Held held = new Held(wanted, access);
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
    private final WatchRequirements wanted;
    private final Access access;
    private final RightInUse right = new RightInUse();
    private volatile @Nullable Sink sink;

    Held(WatchRequirements wanted, Access access) {
      this.wanted = wanted;
      this.access = access;
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
      if (!wanted.stream()) {
        right.end(); // before the client hears of its event, and that it is over
      }
      Sink to = sink;
      boolean goesOn = to != null && to.deliver(seen(occurrence));
      if (!goesOn) {
        right.end();
      }
      return goesOn;
    }

    /** The same object for all who may see all of it, so that it is rendered once. */
    private Occurrence seen(Occurrence occurrence) {
      WatchEvent event = Redaction.of(occurrence.event(), this::isVisible);
      return event.equals(occurrence.event()) ? occurrence : new Occurrence(event);
    }

    /** What is not known is not shown: events wait for nobody. */
    private boolean isVisible(Key key) {
      return wanted.range().contains(key) || access.isKnown(Verb.GET, key);
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
