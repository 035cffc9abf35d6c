package io.kubekv.engine.state;

import io.kubekv.Attachment;
import io.kubekv.Naming;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * The features that are switched on in a store. Immutable.
 *
 * @param since the first version that knows it, by the feature's name; names that this version does
 *     not know are never among them
 * @param bits the same, one for each {@link Feature} in their order: each put asks for some
 */
public record Features(TreePMap<String, String> since, int bits) {
  static final Features NONE = new Features(TreePMap.empty(), 0);

  /** By the feature's name. */
  public boolean has(String feature) {
    return since.containsKey(feature);
  }

  boolean has(Feature feature) {
    return (bits & bit(feature)) != 0;
  }

  private static int bit(Feature feature) {
    return 1 << feature.ordinal();
  }

  Features with(String name, String version) {
    int bit = Feature.of(name).map(Features::bit).orElse(0);
    return new Features(since.plus(name, version), bits | bit);
  }

  long digest() {
    return since.keySet().stream().mapToLong(Digest::of).sum();
  }

  /**
   * Fails while a put needs what is not switched on.
   *
   * @throws UnavailableException saying what to do
   */
  public void requireFor(PutRequest request) {
    if (request.attachment() instanceof Attachment.To) {
      require(Feature.ATTACHED_KEYS);
    }
    if (request.naming() == Naming.SEQUENCE) {
      require(Feature.DIRECTORY_COUNTERS);
    }
    if (request.metadata().size() > 0) {
      require(Feature.ENTRY_METADATA);
    }
  }

  /** The same of a session. */
  public void requireFor(SessionSpec spec) {
    if (spec.span() == SessionSpan.ONCE) {
      require(Feature.ATTACHED_KEYS);
    }
  }

  /**
   * Fails while a feature is not switched on.
   *
   * @throws UnavailableException saying what to do; it lasts until that is done
   */
  public void require(Feature feature) {
    if (!has(feature)) {
      throw UnavailableException.lasting(
          "the feature %s is not switched on in this store yet: every replica must run kubekv %s or newer"
              .formatted(feature.text(), feature.since()));
    }
  }

  /**
   * Why a state in which a feature is switched on cannot be had here, in words for an operator;
   * empty when this version knows the feature.
   *
   * @param where what switches it on
   */
  public static Optional<String> objection(String where, String name, String version) {
    return Feature.of(name).isPresent()
        ? Optional.empty()
        : Optional.of(
            "%s has the feature %s, which this version does not know: run kubekv %s or newer here"
                .formatted(where, name, version));
  }

  /** The same of the changes of a commit. */
  public static Optional<String> objection(String where, Commit commit) {
    for (Change change : commit.changes()) {
      if (change instanceof Change.SwitchedOn on) {
        Optional<String> objection = objection(where, on.name(), on.since());
        if (objection.isPresent()) {
          return objection;
        }
      }
    }
    return Optional.empty();
  }
}
