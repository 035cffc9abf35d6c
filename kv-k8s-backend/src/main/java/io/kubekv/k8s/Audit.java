package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the index with what the API had at the revision up to which the index has come: the API
 * may be shared, and then its latest revision is others', which an idle store's watch does not
 * reach for minutes. What changes meanwhile is no difference: only what two comparisons in a row
 * find the same.
 */
final class Audit {
  private final KubernetesApi api;
  private final Index index;

  Audit(KubernetesApi api, Index index) {
    this.api = api;
    this.index = index;
  }

  /**
   * What is wrong with the index, in words; empty when nothing is. Blocks.
   *
   * @throws ApiCallException when the API cannot say, or has forgotten that revision
   */
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
    Revision at = index.seen().now();
    KubernetesApi.Listed listed = api.list(Optional.of(at));
    Set<String> different = new HashSet<>();
    Map<String, Revision> theirs = new HashMap<>();
    for (ObservedObject object : listed.objects()) {
      theirs.put(object.name(), object.revision());
      if (object instanceof ObservedObject.Stored stored) {
        compare(stored.object(), different);
      }
    }
    index.snapshot().entries().forEach(held -> known(held.object(), at, theirs, different));
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
