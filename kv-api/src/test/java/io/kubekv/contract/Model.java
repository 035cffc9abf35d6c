package io.kubekv.contract;

import io.kubekv.Cause;
import io.kubekv.Layout;
import io.kubekv.PutMode;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a store should hold and say, worked out on strings, without the port's own rules: etcd v2's
 * are read from its sources a second time here (etcd 3.4, store/store.go).
 */
final class Model {
  /** An entry; the revisions are those that the store gave. */
  record Item(
      boolean directory,
      String value,
      Revision created,
      Revision modified,
      long version,
      boolean mortal) {}

  /** What watches must have seen: one put, or keys that went together, in any order. */
  sealed interface Expected {
    record Made(String key, Cause cause) implements Expected {}

    record Gone(Set<String> keys, Cause cause) implements Expected {}
  }

  private final TreeMap<String, Item> items = new TreeMap<>();
  private final List<Expected> expected = new ArrayList<>();

  NavigableMap<String, Item> items() {
    return items;
  }

  List<Expected> expected() {
    return expected;
  }

  Optional<Reason> refusal(Operation.Put put) {
    Item current = items.get(put.key());
    if (put.layout() == Layout.TREE) {
      if (fileAbove(put.key())) {
        return Optional.of(Reason.NOT_A_DIRECTORY);
      }
      boolean update = put.mode() != PutMode.REPLACE && put.value().isEmpty();
      boolean onDirectory = current != null && current.directory();
      if (onDirectory && put.guard() != Operation.Guard.ABSENT && (put.compares() || !update)) {
        return Optional.of(Reason.IS_DIRECTORY);
      }
    }
    Optional<Reason> guarded =
        put.layout() == Layout.NODES ? ofNode(put, current) : guarded(put.guard(), current);
    return guarded.isEmpty() && put.mode() == PutMode.REFRESH && current == null
        ? Optional.of(Reason.MISSING)
        : guarded;
  }

  Optional<Reason> refusal(Operation.Delete delete) {
    Item current = items.get(delete.key());
    if (delete.layout() == Layout.TREE) {
      if (fileAbove(delete.key())) {
        return Optional.of(Reason.NOT_A_DIRECTORY);
      }
      if (current != null && current.directory()) {
        if (!delete.directory() || delete.compares()) {
          return Optional.of(Reason.IS_DIRECTORY);
        }
        if (!below(delete.key()).isEmpty()) {
          return Optional.of(Reason.NOT_EMPTY);
        }
      }
    }
    if (delete.layout() == Layout.NODES) {
      return ofNode(delete, current);
    }
    return current == null ? Optional.of(Reason.MISSING) : guarded(delete.guard(), current);
  }

  private boolean isNode(String key) {
    return items.containsKey(key) || !below(key).isEmpty();
  }

  private Optional<Reason> ofNode(Operation.Put put, @Nullable Item current) {
    int slash = put.key().lastIndexOf('/');
    if (isNode(put.key())) {
      return current == null ? impliedIs(put.guard()) : guarded(put.guard(), current);
    }
    return guarded(put.guard(), null)
        .or(
            () ->
                slash > 0 && !isNode(put.key().substring(0, slash))
                    ? Optional.of(Reason.NO_PARENT)
                    : Optional.empty());
  }

  private Optional<Reason> ofNode(Operation.Delete delete, @Nullable Item current) {
    if (!isNode(delete.key())) {
      return Optional.of(Reason.MISSING);
    }
    return (current == null ? impliedIs(delete.guard()) : guarded(delete.guard(), current))
        .or(() -> below(delete.key()).isEmpty() ? Optional.empty() : Optional.of(Reason.NOT_EMPTY));
  }

  private static Optional<Reason> impliedIs(Operation.Guard guard) {
    return switch (guard) {
      case NONE, PRESENT -> Optional.empty();
      case ABSENT -> Optional.of(Reason.EXISTS);
      case REVISION_IS, REVISION_WAS, VALUE_IS, VALUE_IS_NOT, BOTH_ARE ->
          Optional.of(Reason.MISSING);
    };
  }

  /** Applies a put that the store gave this revision; parents get theirs from the store later. */
  void apply(Operation.Put put, Revision revision, Cause cause) {
    Item current = items.get(put.key());
    boolean implied = put.layout() == Layout.NODES && current == null && isNode(put.key());
    if (put.layout() == Layout.TREE) {
      missingParents(put.key()).forEach(this::makeDirectory);
    }
    items.put(
        put.key(),
        current == null || put.mode() == PutMode.REPLACE
            ? new Item(
                put.directory(),
                put.value(),
                revision,
                revision,
                1 + (current != null ? current.version() : implied ? 1 : 0),
                put.mortal())
            : updated(put, revision, current));
    expected.add(new Expected.Made(put.key(), cause));
  }

  private static Item updated(Operation.Put put, Revision revision, Item current) {
    boolean refresh = put.mode() == PutMode.REFRESH;
    return new Item(
        refresh || put.layout() == Layout.TREE ? current.directory() : put.directory(),
        refresh ? current.value() : put.value(),
        current.created(),
        revision,
        current.version() + 1,
        put.mortal());
  }

  void remove(Set<String> keys, Cause cause) {
    if (!keys.isEmpty()) {
      items.keySet().removeAll(keys);
      expected.add(new Expected.Gone(keys, cause));
    }
  }

  /** What the end of all mortal entries takes with it. */
  Set<String> doomed() {
    Set<String> doomed = new TreeSet<>();
    items.forEach(
        (key, item) -> {
          if (item.mortal()) {
            doomed.add(key);
            if (item.directory()) {
              doomed.addAll(below(key));
            }
          }
        });
    return doomed;
  }

  Set<String> below(String key) {
    return new TreeSet<>(items.subMap(key + "/", key + "0").keySet());
  }

  private void makeDirectory(String key) {
    items.put(key, new Item(true, "", Revision.ZERO, Revision.ZERO, 1, false));
    expected.add(new Expected.Made(key, Cause.PARENT));
  }

  private List<String> missingParents(String key) {
    List<String> missing = new ArrayList<>();
    int slash = key.lastIndexOf('/');
    while (slash > 0 && !items.containsKey(key.substring(0, slash))) {
      missing.addFirst(key.substring(0, slash));
      slash = key.lastIndexOf('/', slash - 1);
    }
    return missing;
  }

  private boolean fileAbove(String key) {
    return items.entrySet().stream()
        .anyMatch(item -> key.startsWith(item.getKey() + "/") && !item.getValue().directory());
  }

  private static Optional<Reason> guarded(Operation.Guard guard, @Nullable Item current) {
    boolean there = current != null;
    return switch (guard) {
      case NONE -> Optional.empty();
      case ABSENT -> there ? Optional.of(Reason.EXISTS) : Optional.empty();
      case PRESENT, REVISION_IS, VALUE_IS, BOTH_ARE ->
          there ? Optional.empty() : Optional.of(Reason.MISSING);
      case REVISION_WAS, VALUE_IS_NOT -> Optional.of(there ? Reason.CHANGED : Reason.MISSING);
    };
  }
}
