package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Stores that end entries wrongly: promise 5. Hours are left alone: only seconds run out. */
final class BrokenExpiry {
  private BrokenExpiry() {}

  private static boolean isShort(PutRequest request) {
    return request.timeToLive().filter(ttl -> ttl.compareTo(Duration.ofMinutes(1)) < 0).isPresent();
  }

  static final class Early extends DelegatingStore {
    Early(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.put(
                    isShort(request)
                        ? request.withTimeToLive(request.timeToLive().orElseThrow().dividedBy(2))
                        : request));
          });
    }
  }

  static final class NeverForDirectories extends DelegatingStore {
    NeverForDirectories(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.put(
                    request.kind() == Kind.DIRECTORY && isShort(request)
                        ? request.withTimeToLive(Duration.ofDays(1))
                        : request));
          });
    }
  }

  static final class Unnamed extends DelegatingStore {
    Unnamed(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      return new ForwardingWatch(super.watch(request)) {
        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          return super.next(atMost).map(Unnamed::unnamed);
        }
      };
    }

    private static WatchEvent unnamed(WatchEvent event) {
      return event instanceof WatchEvent.Delete delete && delete.cause() == Cause.EXPIRE
          ? new WatchEvent.Delete(
              delete.revision(), delete.previous(), Cause.DELETE, delete.below(), delete.author())
          : event;
    }
  }

  static final class ForgetsRefreshes extends DelegatingStore {
    ForgetsRefreshes(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            Optional<Entry> kept =
                request.mode() == PutMode.REFRESH && isShort(request)
                    ? Await.read(get(request.key(), Freshness.LINEARIZABLE)).entry()
                    : Optional.empty();
            return kept.<PutOutcome>map(entry -> new PutOutcome.Stored(entry, kept))
                .orElseGet(() -> Await.change(super.put(request)));
          });
    }
  }

  static final class Revives extends DelegatingStore {
    Revives(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            boolean expired =
                outcome instanceof Refused refused && refused.reason() == Refused.Reason.MISSING;
            return expired && request.mode() == PutMode.REFRESH && isShort(request)
                ? Await.change(super.put(PutRequest.of(request.key(), Bytes.EMPTY)))
                : outcome;
          });
    }
  }
}
