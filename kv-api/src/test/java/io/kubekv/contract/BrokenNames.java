package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Naming;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that count wrongly what is made in a directory: promise 3. */
final class BrokenNames {
  private BrokenNames() {}

  private static Prefix directoryOf(PutRequest request) {
    String key = request.key().text();
    return new Prefix(key.substring(0, key.lastIndexOf('/') + 1));
  }

  /** A number is free again when its key is deleted. */
  static final class ByWhatIsThere extends DelegatingStore {
    ByWhatIsThere(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (request.naming() != Naming.SEQUENCE) {
              return Await.change(super.put(request));
            }
            ListRequest children = ListRequest.oneLevel(new Range.WithPrefix(directoryOf(request)));
            int number = Await.read(list(children, Freshness.LINEARIZABLE)).entries().size();
            return Await.change(super.put(request.named(number)));
          });
    }
  }

  /** What others make in the directory is not counted. */
  static final class ByNumberedAlone extends DelegatingStore {
    private final Map<Prefix, Long> numbers = new ConcurrentHashMap<>();

    ByNumberedAlone(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return request.naming() == Naming.SEQUENCE
          ? super.put(request.named(numbers.merge(directoryOf(request), 1L, Long::sum) - 1))
          : super.put(request);
    }
  }
}
