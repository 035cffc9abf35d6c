package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores that watch wrongly: promise 4. */
final class BrokenWatches {
  private BrokenWatches() {}

  /** Where events were lost, goes on with the oldest there is. */
  static final class SkipsLostHistory extends DelegatingStore {
    SkipsLostHistory(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        private Optional<Watch> later = Optional.empty();

        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          if (later.isPresent()) {
            return later.get().next(atMost);
          }
          Optional<WatchEvent> event = super.next(atMost);
          if (event.orElse(null) instanceof WatchEvent.HistoryGone gone) {
            later = Optional.of(inner().watch(WatchRequest.from(request.range(), gone.revision())));
            return next(atMost);
          }
          return event;
        }
      };
    }
  }

  static final class RepeatsTheFirst extends DelegatingStore {
    RepeatsTheFirst(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      Watch watch = super.watch(request);
      boolean repeats =
          request.start() instanceof WatchRequest.From && request.range() instanceof Range.Exact;
      return repeats ? new Repeating(watch) : watch;
    }

    private static final class Repeating extends ForwardingWatch {
      private Optional<WatchEvent> first = Optional.empty();
      private boolean repeated;

      Repeating(Watch inner) {
        super(inner);
      }

      @Override
      public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
        if (first.isPresent() && !repeated) {
          repeated = true;
          return first;
        }
        Optional<WatchEvent> event = super.next(atMost);
        if (first.isEmpty()) {
          first = event.filter(change -> change instanceof WatchEvent.Put);
        }
        return event;
      }
    }
  }

  static final class NeverWithinRevision extends DelegatingStore {
    NeverWithinRevision(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public boolean isWithinRevision() {
          return false;
        }
      };
    }
  }

  static final class NeverCallsBack extends DelegatingStore {
    NeverCallsBack(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public void whenReady(Runnable wake) {}
      };
    }
  }

  static final class CallsAtOnce extends DelegatingStore {
    CallsAtOnce(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public void whenReady(Runnable wake) {
          wake.run();
        }
      };
    }
  }

  static final class CallsTwice extends DelegatingStore {
    CallsTwice(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public void whenReady(Runnable wake) {
          super.whenReady(
              () -> {
                wake.run();
                wake.run();
              });
        }
      };
    }
  }

  /** The second event of a revision has to be waited for. */
  static final class PausesWithinRevision extends DelegatingStore {
    PausesWithinRevision(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          return atMost.isZero() && isWithinRevision() ? Optional.empty() : super.next(atMost);
        }
      };
    }
  }

  /** Of the revision that a watch begins with, only the last event is told. */
  static final class BeginsInTheMiddle extends DelegatingStore {
    BeginsInTheMiddle(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      Watch watch = super.watch(request);
      return request.start() instanceof WatchRequest.From ? new LastOfTheFirst(watch) : watch;
    }

    private static final class LastOfTheFirst extends ForwardingWatch {
      private boolean begun;

      LastOfTheFirst(Watch inner) {
        super(inner);
      }

      @Override
      public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
        Optional<WatchEvent> event = super.next(atMost);
        while (!begun && isWithinRevision()) {
          event = super.next(atMost);
        }
        begun = begun || event.isPresent();
        return event;
      }
    }
  }

  static final class ForgetsThePrevious extends DelegatingStore {
    ForgetsThePrevious(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          return super.next(atMost)
              .map(
                  event ->
                      event instanceof WatchEvent.Put put && put.cause() == Cause.SET
                          ? new WatchEvent.Put(
                              put.entry(), Optional.empty(), put.cause(), put.author())
                          : event);
        }
      };
    }
  }

  /** The hundred and first watch gets nothing. */
  static final class ServesAHundred extends DelegatingStore {
    private final AtomicInteger watches = new AtomicInteger();

    ServesAHundred(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      Range range =
          watches.incrementAndGet() > 100
              ? new Range.Exact(io.kubekv.Key.of("nobody writes this"))
              : request.range();
      return super.watch(new WatchRequest(range, request.start()));
    }
  }

  /** What happened before this store object began is not history for it. */
  static final class BeginsAnewAfterRestart extends DelegatingStore {
    private final Revision began;

    BeginsAnewAfterRestart(KeyValueStore inner) {
      super(inner);
      this.began = beginning(inner);
    }

    private static Revision beginning(KeyValueStore inner) {
      try {
        return Await.read(inner.revision(Freshness.LINEARIZABLE));
      } catch (UnavailableException cold) {
        return Revision.ZERO;
      }
    }

    @Override
    public Watch watch(WatchRequest request) {
      return request.start() instanceof WatchRequest.From from && from.first().isBefore(began)
          ? super.watch(WatchRequest.fromNow(request.range()))
          : super.watch(request);
    }
  }
}
