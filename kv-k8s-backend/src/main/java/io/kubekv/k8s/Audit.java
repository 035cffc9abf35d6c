package io.kubekv.k8s;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the index with a consistent list of the API. What changes meanwhile is no difference:
 * only what two comparisons in a row find at the same revision.
 */
final class Audit {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final KubernetesApi api;
  private final Index index;

  Audit(KubernetesApi api, Index index) {
    this.api = api;
    this.index = index;
  }

  /** What is wrong with the index, in words; empty when nothing is. Blocks. */
  Optional<String> run() throws ApiCallException, InterruptedException {
    Set<String> first = differences();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    Set<String> both = differences();
    both.retainAll(first);
    return both.isEmpty()
        ? Optional.empty()
        : Optional.of(both.size() + " objects differ from the API's: " + both.iterator().next());
  }

  private Set<String> differences() throws ApiCallException, InterruptedException {
    KubernetesApi.Listed listed = api.list(Optional.empty());
    Set<String> different = new HashSet<>();
    if (!index.seen().await(listed.at(), CATCH_UP.toNanos())) {
      different.add("the watch does not reach revision " + listed.at());
      return different;
    }
    Map<String, Revision> theirs = new HashMap<>();
    for (ObservedObject object : listed.objects()) {
      theirs.put(object.name(), object.revision());
      if (object instanceof ObservedObject.Stored stored) {
        compare(stored.object(), different);
      }
    }
    index
        .snapshot()
        .entries()
        .forEach(held -> known(held.object(), listed.at(), theirs, different));
    return different;
  }

  private void compare(StoredObject theirs, Set<String> different) {
    Revision ours =
        index.object(theirs.type(), theirs.key()).map(StoredObject::revision).orElse(Revision.ZERO);
    if (ours.isBefore(theirs.revision())) {
      different.add(theirs.name() + " is at " + theirs.revision() + " there, at " + ours + " here");
    }
  }

  private static boolean known(
      StoredObject ours, Revision at, Map<String, Revision> theirs, Set<String> different) {
    boolean stands = !ours.revision().isAfter(at);
    Revision there = theirs.getOrDefault(ours.name(), Revision.ZERO);
    if (stands && !there.equals(ours.revision())) {
      different.add(ours.name() + " is at " + there + " there, at " + ours.revision() + " here");
    }
    return true;
  }
}
