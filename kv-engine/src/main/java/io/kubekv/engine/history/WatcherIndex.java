package io.kubekv.engine.history;

import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The watches that wait for an event, by what they wait for: an event finds those that it concerns
 * without asking the others. Not thread-safe.
 */
final class WatcherIndex {
  private final Map<Key, Set<HistoryWatch>> exact = new HashMap<>();
  private final Map<Key, Set<HistoryWatch>> trees = new HashMap<>();
  private final Map<String, Set<HistoryWatch>> prefixes = new HashMap<>();

  /** Those between two keys, by what these share: more keys than the range has. */
  private final Map<String, Set<HistoryWatch>> between = new HashMap<>();

  void add(HistoryWatch watch) {
    switch (watch.range()) {
      case Range.Exact one -> add(exact, one.key(), watch);
      case Range.Tree tree -> add(trees, tree.top(), watch);
      case Range.WithPrefix with -> add(prefixes, with.prefix().text(), watch);
      case Range.Between ends -> add(between, watch.shared(), watch);
    }
  }

  /** Whether it was there. */
  boolean remove(HistoryWatch watch) {
    return switch (watch.range()) {
      case Range.Exact one -> remove(exact, one.key(), watch);
      case Range.Tree tree -> remove(trees, tree.top(), watch);
      case Range.WithPrefix with -> remove(prefixes, with.prefix().text(), watch);
      case Range.Between ends -> remove(between, watch.shared(), watch);
    };
  }

  /** Whether it is there; looks through all of them. */
  boolean has(HistoryWatch watch) {
    return Stream.of(exact, trees, prefixes, between)
        .flatMap(map -> map.values().stream())
        .anyMatch(there -> there.contains(watch));
  }

  /** Takes out the watches that an event concerns. */
  void take(WatchEvent event, Collection<HistoryWatch> taken) {
    switch (event) {
      case WatchEvent.Put put -> take(put.entry().key(), taken);
      case WatchEvent.Delete delete -> {
        take(delete.previous().key(), taken);
        delete.below().forEach(entry -> take(entry.key(), taken));
      }
      case WatchEvent.Progress progress -> {}
      case WatchEvent.HistoryGone gone -> {}
    }
  }

  private void take(Key key, Collection<HistoryWatch> taken) {
    take(exact, key, taken);
    if (!trees.isEmpty()) {
      for (Optional<Key> top = Optional.of(key); top.isPresent(); top = top.get().parent()) {
        take(trees, top.get(), taken);
      }
    }
    takePrefixes(key.text(), taken);
    takeBetween(key, taken);
  }

  /** Takes out all. */
  List<HistoryWatch> takeAll() {
    Set<HistoryWatch> taken = new LinkedHashSet<>();
    for (Map<?, Set<HistoryWatch>> map : List.of(exact, trees, prefixes, between)) {
      map.values().forEach(taken::addAll);
      map.clear();
    }
    return new ArrayList<>(taken);
  }

  private void takePrefixes(String key, Collection<HistoryWatch> taken) {
    takeAtBeginnings(prefixes, key, taken::addAll);
  }

  /** Leaves those that share the prefix and do not have the key: they have missed nothing. */
  private void takeBetween(Key key, Collection<HistoryWatch> taken) {
    takeAtBeginnings(between, key.text(), there -> isEmptied(there, key, taken));
  }

  /**
   * Goes through what stands at the beginnings of a text, and takes away what is emptied. Costs no
   * more than the text is long, however many others there are.
   */
  private static void takeAtBeginnings(
      Map<String, Set<HistoryWatch>> map, String text, Predicate<Set<HistoryWatch>> emptied) {
    if (map.size() <= text.length()) {
      map.entrySet()
          .removeIf(entry -> text.startsWith(entry.getKey()) && emptied.test(entry.getValue()));
      return;
    }
    for (int end = 0; end <= text.length(); end++) {
      String beginning = text.substring(0, end);
      Set<HistoryWatch> there = map.get(beginning);
      if (there != null && emptied.test(there)) {
        map.remove(beginning);
      }
    }
  }

  private static boolean isEmptied(
      Set<HistoryWatch> there, Key key, Collection<HistoryWatch> taken) {
    there.removeIf(watch -> watch.range().contains(key) && taken.add(watch));
    return there.isEmpty();
  }

  private static <K> void add(Map<K, Set<HistoryWatch>> map, K at, HistoryWatch watch) {
    map.computeIfAbsent(at, unused -> new LinkedHashSet<>(2)).add(watch);
  }

  private static <K> boolean remove(Map<K, Set<HistoryWatch>> map, K at, HistoryWatch watch) {
    Set<HistoryWatch> there = map.get(at);
    if (there == null || !there.remove(watch)) {
      return false;
    }
    if (there.isEmpty()) {
      map.remove(at);
    }
    return true;
  }

  private static <K> void take(
      Map<K, Set<HistoryWatch>> map, K at, Collection<HistoryWatch> taken) {
    Set<HistoryWatch> there = map.remove(at);
    if (there != null) {
      taken.addAll(there);
    }
  }
}
