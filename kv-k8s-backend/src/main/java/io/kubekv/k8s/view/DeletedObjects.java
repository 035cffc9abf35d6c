package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Revision;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletions of objects by others, until each is decided, or withdrawn by making the object
 * again. Belongs to the view's thread.
 */
final class DeletedObjects {
  private static final Logger log = LoggerFactory.getLogger(DeletedObjects.class);

  private final ObjectsApi api;
  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final KeyShower shower;
  private final DeletionProposals proposals;
  private final Deletions deletions;
  private final Consumer<Key> repair;

  /**
   * @param repair told of keys whose objects are to be written
   */
  DeletedObjects(
      Surroundings around,
      ObjectIndex index,
      ObjectWrites writes,
      KeyShower shower,
      Consumer<Key> repair) {
    this.api = around.keys();
    this.proposals = new DeletionProposals(around.store());
    this.deletions = new Deletions(around.settings().mostDeletions());
    this.index = index;
    this.writes = writes;
    this.shower = shower;
    this.repair = repair;
  }

  /** Takes note of an object that somebody has deleted. */
  void note(ViewObject object, long now) {
    Optional<Revision> base =
        shown(object).or(() -> index.before(object.name()).flatMap(this::shown));
    if (index.get(object.name()) == null) {
      index.forgetBefore(object.name());
    }
    index
        .keyOf(object)
        .ifPresent(
            key ->
                base.ifPresent(
                    shown -> deletions.add(new Deletions.Deletion(object, key, shown), now)));
  }

  /** Whether the deletion of an object of that name is to be decided. */
  boolean isWaiting(String name) {
    return deletions.of(name).isPresent();
  }

  /** The revision that the object showed which somebody deleted to make this one. */
  Optional<Revision> shownBefore(ViewObject object) {
    return deletions
        .of(object.name())
        .filter(deletion -> !deletion.object().uid().equals(object.uid()))
        .map(Deletions.Deletion::base)
        .or(() -> index.before(object.name()).flatMap(this::shown));
  }

  /** The object that was deleted is there again, and says itself what it shows. */
  void forgetBefore(ViewObject object) {
    deletions
        .of(object.name())
        .filter(deletion -> !deletion.object().uid().equals(object.uid()))
        .ifPresent(deletion -> deletions.withdraw(object.name()));
    index.forgetBefore(object.name());
  }

  /** Decides the deletions that have waited for long enough. */
  void decide(long now) throws ApiCallException {
    List<Deletions.Deletion> due = deletions.due(now);
    if (due.isEmpty()) {
      return;
    }
    boolean isDamage = deletions.isDamage(due.size(), showing(), now) || isTypeGone(due.getFirst());
    if (isDamage) {
      log.warn(
          "{} objects that show keys were deleted, very many within a minute or all at once: that"
              + " is taken for damage to the view, no key is deleted, and the objects come back. To"
              + " delete many keys, use one of the store's own interfaces",
          due.size());
    }
    for (Deletions.Deletion deletion : due) {
      writes.requireHeld();
      Optional<Verdict> verdict = isDamage ? Optional.of(damage()) : proposed(deletion);
      deletions.decided(deletion, now);
      verdict
          .filter(said -> !said.applied())
          .ifPresent(said -> shower.say(deletion.object().name(), said));
      repair.accept(deletion.key());
      if (!isDamage) {
        verdict.ifPresent(said -> writes.tell(deletion.object(), said));
      }
    }
  }

  private Optional<Revision> shown(ViewObject object) {
    return object.shows(shower.storeId()).filter(base -> !object.status().withdrawn());
  }

  private long showing() {
    return index.all().stream().filter(object -> shown(object).isPresent()).count();
  }

  private Optional<Verdict> proposed(Deletions.Deletion deletion) {
    try {
      return proposals.deletion(deletion.object(), deletion.key(), deletion.base());
    } catch (LimitExceededException noKey) {
      return Optional.empty();
    }
  }

  private static Verdict damage() {
    return Verdict.refused(
        "ManyDeleted",
        "very many objects were deleted within a minute, or all at once, which deletes no keys: use"
            + " the store's interfaces");
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
