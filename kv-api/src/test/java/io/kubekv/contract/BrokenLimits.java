package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.TreeRules;
import java.util.concurrent.CompletableFuture;

/** Stores that limit wrongly: promise 8. */
final class BrokenLimits {
  private BrokenLimits() {}

  /** Room for keys of which only the characters are counted. */
  static StoreSpec moreKeyBytes(StoreSpec spec) {
    Limits limits = spec.limits();
    return spec.withLimits(
        new Limits(
            4 * limits.maxKeyBytes(),
            limits.maxValueBytes(),
            limits.maxDepth(),
            limits.maxEntries()));
  }

  static final class CountsCharacters extends DelegatingStore {
    CountsCharacters(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Limits limits() {
      Limits limits = super.limits();
      return new Limits(
          limits.maxKeyBytes() / 4, limits.maxValueBytes(), limits.maxDepth(), limits.maxEntries());
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            int characters = request.key().text().length();
            if (characters > limits().maxKeyBytes()) {
              throw new LimitExceededException(
                  "key length", "characters", characters, limits().maxKeyBytes());
            }
            return Await.change(super.put(request));
          });
    }
  }

  static final class Nameless extends DelegatingStore {
    Nameless(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            try {
              return Await.change(super.put(request));
            } catch (LimitExceededException over) {
              throw new IllegalArgumentException("bad request", over);
            }
          });
    }
  }

  static final class ParentsFirst extends DelegatingStore {
    ParentsFirst(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            try {
              return Await.change(super.put(request));
            } catch (LimitExceededException over) {
              boolean full = over.limit().equals("number of entries");
              if (full && request.layout() == Layout.TREE) {
                TreeRules rules =
                    new TreeRules(
                        key -> Await.read(get(key, Freshness.LINEARIZABLE)).entry(), key -> false);
                rules.missingParents(request.key()).stream()
                    .limit(1)
                    .forEach(parent -> Await.change(super.put(PutRequest.directory(parent))));
              }
              throw over;
            }
          });
    }
  }
}
