package io.kubekv.k8s.view;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.k8s.form.KeyValueForm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares all objects with all keys: at the start, and where events are missing. What is right is
 * left alone. Belongs to the view's thread.
 */
final class Comparison {
  private final ViewSettings settings;
  private final ObjectIndex index;
  private final KeyShower shower;

  /**
   * What is to be done.
   *
   * @param wrong keys whose objects are missing, wrong, or there without the key
   * @param excess objects of keys that go on and are not to be shown
   */
  record Found(List<Key> wrong, List<ViewObject> excess) {}

  Comparison(ViewSettings settings, ObjectIndex index, KeyShower shower) {
    this.settings = settings;
    this.index = index;
    this.shower = shower;
  }

  /** Compares with a snapshot of the store. */
  Found with(Map<Key, Entry> entries) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    Set<String> names = new HashSet<>();
    List<Entry> missing = new ArrayList<>();
    int room = settings.mostKeys();
    for (Entry entry : entries.values()) {
      String name = KeyValueForm.name(entry.key());
      names.add(name);
      ViewObject object = index.get(name);
      if (object == null) {
        missing.add(entry);
      } else if (room == 0) {
        found.excess().add(object);
      } else {
        room--;
        compare(object, entry, found);
      }
    }
    missing.stream().limit(room).forEach(entry -> found.wrong().add(entry.key()));
    index.all().stream()
        .filter(object -> !names.contains(object.name()))
        .forEach(object -> without(object, found));
    return found;
  }

  private void compare(ViewObject object, Entry entry, Found found) {
    if (!object.key().equals(entry.key().text())) {
      index.belongs(object.name(), entry.key());
    }
    if (!shower.isRight(object, entry)) {
      found.wrong().add(entry.key());
    }
  }

  /** An object whose key is gone, or not to be shown; edits are looked at by themselves. */
  private void without(ViewObject object, Found found) {
    boolean isOurs = object.status().revision().isPresent() || object.status().withdrawn();
    if (!object.isEdited() && isOurs) {
      index.keyOf(object).ifPresent(found.wrong()::add);
    }
  }
}
