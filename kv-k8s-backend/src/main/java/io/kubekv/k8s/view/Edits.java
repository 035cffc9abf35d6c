package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Revision;
import io.kubekv.k8s.api.ApiCallException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The edits of objects by others, until each is decided. Belongs to the view's thread. */
final class Edits {
  private final KeyValueStore store;
  private final ObjectsApi api;
  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final KeyShower shower;
  private final Proposals proposals;
  private final DeletedObjects deleted;
  private final Set<String> edited = new LinkedHashSet<>();

  /** What to say of objects that were put back as they had been, by name. */
  private final Map<String, PutBack> putBack = new HashMap<>();

  private final Consumer<Key> repair;

  /** An object that somebody put back, as of that version. */
  private record PutBack(long version, Verdict verdict) {}

  /**
   * @param repair told of keys whose objects are to be written
   */
  Edits(
      Surroundings around,
      ObjectIndex index,
      ObjectWrites writes,
      KeyShower shower,
      DeletedObjects deleted,
      Consumer<Key> repair) {
    this.store = around.store();
    this.api = around.keys();
    this.proposals = new Proposals(store);
    this.deleted = deleted;
    this.index = index;
    this.writes = writes;
    this.shower = shower;
    this.repair = repair;
  }

  /**
   * Takes note of an object that is edited, when it is.
   *
   * @param before what was known of it
   */
  void note(@Nullable ViewObject before, ViewObject object) {
    if (object.isEdited()) {
      edited.add(object.name());
    } else if (before != null && object.isPutBack(before)) {
      putBack.put(object.name(), new PutBack(object.version(), isOld(before, object)));
      edited.add(object.name());
    } else {
      deleted.forgetBefore(object);
    }
  }

  /** Takes note of what is known of an object, when that is edited. */
  void noteEdited(String name) {
    ViewObject object = index.get(name);
    if (object != null && object.isEdited()) {
      edited.add(name);
    }
  }

  private static Verdict isOld(ViewObject before, ViewObject object) {
    return Verdict.refused(
        "Conflict",
        "the object was put back as it was at revision "
            + object.status().revision().orElse(Revision.ZERO)
            + ", and the key has come to revision "
            + before.status().revision().orElse(Revision.ZERO)
            + " since. Edit the object as it is now");
  }

  /** Whether something is to be decided before the object of that name is written. */
  boolean isWaiting(String name) {
    return edited.contains(name) || deleted.isWaiting(name);
  }

  /** Takes note that somebody has deleted the object of that name. */
  void noteDeleted(String name) {
    if (index.get(name) == null) {
      giveUp(name);
    }
  }

  /** Leaves an object as it is, which cannot be written. */
  void giveUp(String name) {
    edited.remove(name);
    putBack.remove(name);
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
    ViewObject known = index.get(name);
    index.found(seen);
    note(known, seen);
    writes.requireHeld();
    if (!seen.isEdited()) {
      PutBack said = putBack.get(name);
      if (said != null && said.version() == seen.version()) {
        conclude(seen, object.get(), Optional.of(said.verdict()));
      }
      giveUp(name);
      return;
    }
    Optional<Revision> before = deleted.shownBefore(seen);
    if (before.isPresent() && seen.shows(shower.storeId()).isEmpty()) {
      writes.markMadeAgain(object.get(), shower.storeId(), before.get());
      return;
    }
    deleted.forgetBefore(seen);
    switch (proposals.edit(seen, object.get(), shower.storeId())) {
      case Proposals.ToMark mark -> writes.mark(object.get(), shower.storeId(), mark.absentAt());
      case Proposals.Decided decided -> conclude(seen, object.get(), decided.verdict());
    }
  }

  private void conclude(
      ViewObject seen, GenericKubernetesResource object, Optional<Verdict> outcome)
      throws ApiCallException {
    Optional<Verdict> verdict =
        outcome.map(said -> said.withMessage(said.message() + by(seen.author())));
    Optional<Key> key = index.keyOf(seen);
    boolean hasTruth =
        key.filter(own -> isPresent(own) || seen.shows(shower.storeId()).isPresent()).isPresent();
    if (!hasTruth && verdict.isPresent()) {
      writes.judge(object, verdict.get());
    } else {
      shower.decided(seen, verdict);
      key.ifPresent(repair);
    }
    edited.remove(seen.name());
    verdict.ifPresent(said -> writes.tell(seen, said));
  }

  private static String by(String author) {
    return author.isEmpty() ? "" : " (edited by " + author + ")";
  }

  private boolean isPresent(Key key) {
    try {
      return Await.read(store.get(key, Freshness.LINEARIZABLE)).entry().isPresent();
    } catch (LimitExceededException neverPresent) {
      return false;
    }
  }
}
