package io.kubekv.k8s.view;

import io.kubekv.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects that there are, by name, as far as is known: from the watch, and from the answers to
 * our own requests, whichever is newer. Belongs to the view's thread.
 */
final class ObjectIndex {
  private final Map<String, ViewObject> objects = new HashMap<>();

  /** The keys of objects that name another one, or none. */
  private final Map<String, Key> keys = new HashMap<>();

  /** Those that we removed and whose removal the watch has not shown, by uid. */
  private final Set<String> removedByUs = new HashSet<>();

  /** What objects were that somebody has deleted and made again, until that is decided. */
  private final Map<String, ViewObject> madeAgain = new HashMap<>();

  @Nullable ViewObject get(String name) {
    return objects.get(name);
  }

  Collection<ViewObject> all() {
    return List.copyOf(objects.values());
  }

  int size() {
    return objects.size();
  }

  /** Forgets all, and takes in a list. */
  void replaceAll(List<ViewObject> listed) {
    objects.clear();
    keys.clear();
    removedByUs.clear();
    madeAgain.clear();
    listed.forEach(object -> objects.put(object.name(), object));
  }

  /** Takes in an object as somebody has seen it; false when what is here is as new. */
  boolean saw(ViewObject object) {
    ViewObject known = objects.get(object.name());
    boolean isOld = known != null && !object.isNewerThan(known);
    if (isOld || removedByUs.contains(object.uid())) {
      return false;
    }
    if (known != null && !known.uid().equals(object.uid()) && !removedByUs.contains(known.uid())) {
      madeAgain.put(object.name(), known);
    }
    if (known != null && !known.key().equals(object.key())) {
      known.ownKey().ifPresent(key -> keys.put(object.name(), key));
    }
    objects.put(object.name(), object);
    return true;
  }

  /**
   * Takes in an object that an answer of the API shows to be there: if we tried to remove it, that
   * has not happened. Returns as {@link #saw}.
   */
  boolean found(ViewObject object) {
    if (!object.isEnding()) {
      notRemoved(object);
    }
    return saw(object);
  }

  /** What the object of that name was before somebody deleted it and made it again. */
  Optional<ViewObject> before(String name) {
    return Optional.ofNullable(madeAgain.get(name));
  }

  /** That it was made again is decided. */
  void forgetBefore(String name) {
    madeAgain.remove(name);
  }

  /** Takes in that there is no object of that name. */
  void sawNone(String name) {
    objects.remove(name);
    keys.remove(name);
  }

  /**
   * Takes in what the watch says of a removal.
   *
   * @return whether somebody else has removed it, and not made it again as far as is known
   */
  boolean sawRemoval(ViewObject object) {
    ViewObject known = objects.get(object.name());
    if (known != null && known.uid().equals(object.uid())) {
      sawNone(object.name());
    }
    boolean isByUs = removedByUs.remove(object.uid());
    return !isByUs && before(object.name()).filter(it -> it.uid().equals(object.uid())).isEmpty();
  }

  /** We have removed it, or may have: a request whose answer was lost. */
  void removing(ViewObject object) {
    removedByUs.add(object.uid());
  }

  void notRemoved(ViewObject object) {
    removedByUs.remove(object.uid());
  }

  /** The object of that name is this key's, whatever it says itself. */
  void belongs(String name, Key key) {
    keys.put(name, key);
  }

  /** The key whose object this is: by what it says, where that is true, or said before. */
  Optional<Key> keyOf(ViewObject object) {
    return object.ownKey().or(() -> Optional.ofNullable(keys.get(object.name())));
  }

  /** The objects that somebody has edited, and that have not been judged. */
  List<String> edited() {
    List<String> names = new ArrayList<>();
    objects.forEach(
        (name, object) -> {
          if (object.isEdited()) {
            names.add(name);
          }
        });
    return names;
  }
}
