package io.kubekv.contract;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.TreeRules;

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

  static final class CountsCharacters extends ForwardingStore {
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
    public PutOutcome put(PutRequest request) {
      int characters = request.key().text().length();
      if (characters > limits().maxKeyBytes()) {
        throw new LimitExceededException(
            "key length", "characters", characters, limits().maxKeyBytes());
      }
      return super.put(request);
    }
  }

  static final class Nameless extends ForwardingStore {
    Nameless(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      try {
        return super.put(request);
      } catch (LimitExceededException over) {
        throw new IllegalArgumentException("bad request", over);
      }
    }
  }

  static final class ParentsFirst extends ForwardingStore {
    ParentsFirst(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public PutOutcome put(PutRequest request) {
      try {
        return super.put(request);
      } catch (LimitExceededException over) {
        boolean full = over.limit().equals("number of entries");
        if (full && request.layout() == Layout.TREE) {
          TreeRules rules =
              new TreeRules(key -> get(key, Freshness.LINEARIZABLE).entry(), key -> false);
          rules.missingParents(request.key()).stream()
              .limit(1)
              .forEach(parent -> super.put(PutRequest.directory(parent)));
        }
        throw over;
      }
    }
  }
}
