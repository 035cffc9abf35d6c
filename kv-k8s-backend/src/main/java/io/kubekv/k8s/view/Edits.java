package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.k8s.ApiCallException;
import io.kubekv.k8s.ApiFailure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edits and deletions of objects by others, until each is decided. Belongs to the view's
 * thread.
 */
final class Edits {
  private static final Logger log = LoggerFactory.getLogger(Edits.class);

  private final KeyValueStore store;
  private final ObjectsApi api;
  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final KeyShower shower;
  private final Notices notices;
  private final Proposals proposals;
  private final DeletionProposals deletionProposals;
  private final Deletions deletions;
  private final Set<String> edited = new LinkedHashSet<>();
  private final Repair repair;

  /** Told of keys whose objects are to be written. */
  interface Repair {
    void look(Key key);
  }

  Edits(
      Surroundings around,
      ObjectIndex index,
      ObjectWrites writes,
      KeyShower shower,
      Repair repair) {
    this.store = around.store();
    this.api = around.keys();
    this.notices = around.notices();
    this.proposals = new Proposals(store);
    this.deletionProposals = new DeletionProposals(store);
    this.deletions = new Deletions(around.settings().mostDeletions());
    this.index = index;
    this.writes = writes;
    this.shower = shower;
    this.repair = repair;
  }

  /** Takes note of an object that is edited, when it is. */
  void note(ViewObject object) {
    if (object.isEdited()) {
      edited.add(object.name());
    }
  }

  /** Takes note of an object that somebody has deleted. */
  void noteDeleted(ViewObject object, long now) {
    edited.remove(object.name());
    index
        .keyOf(object)
        .ifPresent(
            key ->
                object
                    .shows(shower.storeId())
                    .filter(base -> !object.status().withdrawn())
                    .ifPresent(
                        base -> deletions.add(new Deletions.Deletion(object, key, base), now)));
  }

  /** Leaves an object as it is, which cannot be written. */
  void giveUp(String name) {
    edited.remove(name);
  }

  /** The objects that wait. */
  List<String> waiting() {
    return List.copyOf(edited);
  }

  /** Decides one edit; it stays when that fails, and is decided later. */
  void decide(String name) throws ApiCallException {
    Optional<GenericKubernetesResource> object = api.get(name);
    if (object.isEmpty()) {
      index.sawNone(name);
      edited.remove(name);
      return;
    }
    ViewObject seen = ViewForm.read(object.get());
    index.saw(seen);
    if (!seen.isEdited()) {
      edited.remove(name);
      return;
    }
    writes.requireHeld();
    switch (proposals.edit(seen, object.get(), shower.storeId())) {
      case Proposals.ToMark mark -> writes.mark(object.get(), shower.storeId(), mark.absentAt());
      case Proposals.Decided decided -> conclude(seen, object.get(), decided.verdict());
    }
  }

  private void conclude(
      ViewObject seen, GenericKubernetesResource object, Optional<Verdict> outcome)
      throws ApiCallException {
    Optional<Verdict> verdict =
        outcome.map(
            said -> new Verdict(said.applied(), said.reason(), said.message() + by(seen.author())));
    Optional<Key> key = index.keyOf(seen);
    boolean hasTruth =
        key.filter(own -> isPresent(own) || seen.shows(shower.storeId()).isPresent()).isPresent();
    if (!hasTruth && verdict.isPresent()) {
      writes.judge(object, verdict.get());
    } else {
      shower.decided(seen, verdict);
      key.ifPresent(repair::look);
    }
    edited.remove(seen.name());
    verdict.ifPresent(said -> tell(seen, said));
  }

  private static String by(String author) {
    return author.isEmpty() ? "" : " (edited by " + author + ")";
  }

  private boolean isPresent(Key key) {
    try {
      return store.get(key, Freshness.LINEARIZABLE).entry().isPresent();
    } catch (LimitExceededException neverPresent) {
      return false;
    }
  }

  private void tell(ViewObject object, Verdict verdict) {
    log.info(
        "an edit of {} was {}: {}",
        object.key().isEmpty() ? object.name() : object.key(),
        verdict.applied() ? "applied" : "refused",
        verdict.message());
    writes.spend();
    notices.say(object, verdict);
  }

  /** Decides the deletions that have waited for long enough. */
  void decideDeletions(long now) throws ApiCallException {
    List<Deletions.Deletion> due = deletions.due(now);
    if (due.isEmpty()) {
      return;
    }
    boolean isDamage = deletions.isDamage(due.size(), index.size()) || isTypeGone(due.getFirst());
    if (isDamage) {
      log.warn(
          "{} objects that show keys were deleted at once: that is taken for damage to the view,"
              + " no key is deleted, and the objects come back. To delete many keys, use one of the"
              + " store's own interfaces",
          due.size());
    }
    for (Deletions.Deletion deletion : due) {
      writes.requireHeld();
      Optional<Verdict> verdict = isDamage ? Optional.of(damage(due.size())) : proposed(deletion);
      deletions.done(deletion);
      verdict
          .filter(said -> !said.applied())
          .ifPresent(said -> shower.say(deletion.object().name(), said));
      repair.look(deletion.key());
      if (!isDamage) {
        verdict.ifPresent(said -> tell(deletion.object(), said));
      }
    }
  }

  private Optional<Verdict> proposed(Deletions.Deletion deletion) {
    try {
      return deletionProposals.deletion(deletion.object(), deletion.key(), deletion.base());
    } catch (LimitExceededException noKey) {
      return Optional.empty();
    }
  }

  private static Verdict damage(int number) {
    return Verdict.refused(
        "ManyDeleted",
        number
            + " objects were deleted at once, which deletes no keys: use the store's interfaces");
  }

  /** Who removes the type removes all objects, and means none of the keys. */
  private boolean isTypeGone(Deletions.Deletion one) throws ApiCallException {
    try {
      api.get(one.object().name());
      return false;
    } catch (ApiCallException failed) {
      if (failed.failure() instanceof ApiFailure.NotServed) {
        return true;
      }
      throw failed;
    }
  }
}
