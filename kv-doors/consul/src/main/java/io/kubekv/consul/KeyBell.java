package io.kubekv.consul;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.transport.watch.HistoryGoneException;
import io.kubekv.transport.watch.Occurrence;
import io.kubekv.transport.watch.Sink;
import io.kubekv.transport.watch.WatchRequirements;
import io.kubekv.transport.watch.Watches;

/** Rings for every change of a range of keys. */
record KeyBell(Watches watches, Range range) implements Bell {
  @Override
  public void listen(Revision after, Parked parked) throws HistoryGoneException {
    watches.watch(
        new WatchRequirements(range, after.next(), false, (keys, event) -> true),
        end -> {
          parked.onEnd(end);
          return new Ringing(parked);
        });
  }

  /** A lost watch may have missed a change: the state tells. */
  private record Ringing(Parked parked) implements Sink {
    @Override
    public boolean deliver(Occurrence occurrence) {
      parked.wake();
      return false;
    }

    @Override
    public void lost() {
      parked.wake();
    }
  }
}
