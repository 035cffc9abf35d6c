package io.kubekv.contract;

import io.kubekv.Author;
import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Stores that are wrong about who makes a change. */
final class BrokenAuthors {
  private BrokenAuthors() {}

  /** Keeps them as long as nobody asks for the past. */
  static final class ForgetsThem extends DelegatingStore {
    ForgetsThem(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Watch watch(WatchRequest request) {
      Watch watch = super.watch(request);
      return request.start() instanceof WatchRequest.Now ? watch : nameless(watch);
    }

    private static Watch nameless(Watch watch) {
      return new ForwardingWatch(watch) {
        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          return super.next(atMost).map(ForgetsThem::nameless);
        }
      };
    }

    private static WatchEvent nameless(WatchEvent event) {
      return switch (event) {
        case WatchEvent.Put put ->
            new WatchEvent.Put(put.entry(), put.previous(), put.cause(), Author.NONE);
        case WatchEvent.Delete delete ->
            new WatchEvent.Delete(
                delete.revision(), delete.previous(), delete.cause(), delete.below(), Author.NONE);
        case WatchEvent.Progress progress -> progress;
        case WatchEvent.HistoryGone gone -> gone;
      };
    }
  }

  /** Takes the author of the first put for that of the transaction. */
  static final class BelievesOperations extends DelegatingStore {
    BelievesOperations(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return super.transact(
          request.operations().stream()
              .filter(TransactionOperation.Put.class::isInstance)
              .findFirst()
              .map(put -> ((TransactionOperation.Put) put).request().author())
              .map(request::withAuthor)
              .orElse(request));
    }
  }
}
