package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.form.KeyValueForm;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the object of a key what it should be. Belongs to the view's thread. */
final class KeyShower {
  private final KeyValueStore store;
  private final ViewSettings settings;
  private final ObjectIndex index;
  private final ObjectWrites writes;
  private final InstantSource wall;

  /** What to say in the objects when they are written next, by name. */
  private final Map<String, Verdict> verdicts = new HashMap<>();

  /** The edits that are decided, and may be written over: the object's version by name. */
  private final Map<String, Long> decided = new HashMap<>();

  KeyShower(
      KeyValueStore store,
      ViewSettings settings,
      ObjectIndex index,
      ObjectWrites writes,
      InstantSource wall) {
    this.store = store;
    this.settings = settings;
    this.index = index;
    this.writes = writes;
    this.wall = wall;
  }

  /** The id of the store as objects name it. */
  String storeId() {
    return Long.toHexString(store.id());
  }

  /** The object with this very content need not stay: what it proposed is decided. */
  void decided(ViewObject edited, Optional<Verdict> verdict) {
    decided.put(edited.name(), edited.version());
    verdict.ifPresent(said -> verdicts.put(edited.name(), said));
  }

  /** To be said in the next object of that name. */
  void say(String name, Verdict verdict) {
    verdicts.put(name, verdict);
  }

  /**
   * Shows a key as it is now.
   *
   * @param causes why the key is at a revision
   * @return false when the object holds an edit that must be decided first
   */
  boolean show(Key key, Function<Revision, Cause> causes) throws ApiCallException {
    String name = KeyValueForm.name(key);
    ViewObject object = index.get(name);
    if (object != null && object.isEdited() && !isDecided(object)) {
      return false;
    }
    Optional<Entry> entry = Await.read(store.get(key, Freshness.LINEARIZABLE)).entry();
    if (entry.isEmpty()) {
      end(object);
    } else if (!settings.includes(key)) {
      if (object != null) {
        writes.withdraw(object);
      }
    } else {
      show(entry.get(), causes.apply(entry.get().modifyRevision()), name, object);
    }
    verdicts.remove(name);
    decided.remove(name);
    return true;
  }

  private void show(Entry entry, Cause cause, String name, @Nullable ViewObject object)
      throws ApiCallException {
    Optional<Verdict> verdict = Optional.ofNullable(verdicts.get(name));
    boolean isRight = object != null && verdict.isEmpty() && isRight(object, entry);
    boolean hasRoom = object != null || index.size() < settings.mostKeys();
    if (isRight || !hasRoom) {
      return;
    }
    GenericKubernetesResource content =
        ViewBodies.shows(
            entry, ofEdit(entry, verdict).orElse(cause), storeId(), verdict, wall.instant());
    writes.show(content, object);
  }

  /** The cause of a change by an edit, which is shown before the store's watch has told of it. */
  private static Optional<Cause> ofEdit(Entry entry, Optional<Verdict> verdict) {
    return verdict
        .flatMap(Verdict::put)
        .filter(entry.modifyRevision()::equals)
        .map(made -> entry.version() == 1 ? Cause.CREATE : Cause.COMPARE_AND_SWAP);
  }

  /** What somebody made without a key becoming of it stays, with its reason. */
  private void end(@Nullable ViewObject object) throws ApiCallException {
    if (object == null) {
      return;
    }
    ViewObject.ViewStatus status = object.status();
    if (status.revision().isPresent() || status.withdrawn() || isDecided(object)) {
      writes.remove(object);
    }
  }

  private boolean isDecided(ViewObject object) {
    Long version = decided.get(object.name());
    return version != null && version == object.version();
  }

  /** Whether the object shows exactly this entry, as we would write it. */
  boolean isRight(ViewObject object, Entry entry) {
    return !object.isEdited()
        && !object.status().withdrawn()
        && object.shows(storeId()).equals(Optional.of(entry.modifyRevision()))
        && object.hash().equals(ViewForm.hash(ViewBodies.spec(entry)));
  }
}
