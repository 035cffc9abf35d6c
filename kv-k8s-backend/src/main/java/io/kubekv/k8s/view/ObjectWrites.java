package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.kubekv.Revision;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Our own writes of objects. Each names the very version that it replaces or removes, so that it
 * never buries what somebody else has written meanwhile. Belongs to the view's thread.
 */
final class ObjectWrites {
  private final ObjectsApi api;
  private final ObjectIndex index;
  private final WriteBudget budget;
  private final BooleanSupplier holding;
  private final Notices notices;
  private final InstantSource wall;

  /** The store is held by another replica now: nothing more is written here. */
  static final class NotHeldException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  ObjectWrites(Surroundings around, ObjectIndex index, WriteBudget budget) {
    this.api = around.keys();
    this.index = index;
    this.budget = budget;
    this.holding = around.holding();
    this.notices = around.notices();
    this.wall = around.wall();
  }

  /**
   * Makes or replaces the object of a key.
   *
   * @param content {@link ViewBodies#shows}
   */
  void show(GenericKubernetesResource content, @Nullable ViewObject current)
      throws ApiCallException {
    if (current == null) {
      spend();
      index.saw(ViewForm.read(api.create(content)));
      return;
    }
    if (current.isDecorated()) {
      takeAlong(api.get(current.name()), content);
    }
    replace(ViewBodies.replacing(current, content));
  }

  /** Keeps what others have put beside the content. */
  static void takeAlong(Optional<GenericKubernetesResource> found, GenericKubernetesResource next) {
    if (found.isPresent()) {
      ObjectMeta theirs = found.get().getMetadata();
      ObjectMeta ours = next.getMetadata();
      ours.setLabels(theirs.getLabels());
      ours.setAnnotations(theirs.getAnnotations());
      ours.setFinalizers(theirs.getFinalizers());
      ours.setOwnerReferences(theirs.getOwnerReferences());
    }
  }

  /** Notes in an object that somebody made that its key was absent then. */
  void mark(GenericKubernetesResource object, String storeId, Revision absentAt)
      throws ApiCallException {
    replace(ViewBodies.marked(object, storeId, "absentAt", absentAt));
  }

  /** Notes in an object that was deleted and made again which revision it showed before. */
  void markMadeAgain(GenericKubernetesResource object, String storeId, Revision shown)
      throws ApiCallException {
    replace(ViewBodies.marked(object, storeId, "revision", shown));
  }

  /** Leaves an object that no key belongs to, and says why in it. */
  void judge(GenericKubernetesResource object, Verdict verdict) throws ApiCallException {
    replace(ViewBodies.judged(object, verdict, wall.instant()));
  }

  /** Removes the object of a key that goes on, but is not to be shown: first it says so itself. */
  void withdraw(ViewObject object) throws ApiCallException {
    ViewObject last = object;
    if (!object.status().withdrawn()) {
      Optional<GenericKubernetesResource> found = api.get(object.name());
      if (found.isEmpty()) {
        index.sawNone(object.name());
        return;
      }
      ViewObject now = ViewForm.read(found.get());
      if (index.found(now) && now.isEdited()) {
        return; // somebody has edited it meanwhile, which is looked at first
      }
      last = replace(ViewBodies.withdrawn(found.get()));
    }
    remove(last);
  }

  /** Removes the object of a key that is gone. */
  void remove(ViewObject object) throws ApiCallException {
    spend();
    index.removing(object);
    try {
      api.remove(object);
    } catch (ApiCallException failed) {
      if (!failed.failure().mayBeApplied()) {
        index.notRemoved(object);
      }
      throw failed;
    }
    index.sawNone(object.name());
  }

  /** Takes in how an object is now, after a write of ours that came too late for it. */
  void look(String name) throws ApiCallException {
    Optional<GenericKubernetesResource> found = api.get(name);
    if (found.isPresent()) {
      index.found(ViewForm.read(found.get()));
    } else {
      index.sawNone(name);
    }
  }

  private ViewObject replace(GenericKubernetesResource next) throws ApiCallException {
    spend();
    ViewObject written = ViewForm.read(api.replace(next));
    index.found(written);
    return written;
  }

  /** Fails when another replica holds the store; counts one write otherwise. */
  void spend() {
    requireHeld();
    budget.take();
  }

  /** Fails when another replica holds the store. */
  void requireHeld() {
    if (!holding.getAsBoolean()) {
      throw new NotHeldException();
    }
  }

  /** Says what became of an edit, which counts as one write. */
  void tell(ViewObject object, Verdict verdict) {
    spend();
    notices.say(object, verdict);
  }

  /** Whether a write came too late: the object is no longer as it was seen. */
  static boolean isOvertaken(ApiFailure failure) {
    return failure instanceof ApiFailure.Conflict
        || failure instanceof ApiFailure.AlreadyExists
        || (failure instanceof ApiFailure.NotFound missing && !missing.kind().equals("namespaces"));
  }

  /** Whether the API will never take this object as it is. */
  static boolean isHopeless(ApiFailure failure) {
    return failure instanceof ApiFailure.Invalid || failure instanceof ApiFailure.TooLarge;
  }
}
