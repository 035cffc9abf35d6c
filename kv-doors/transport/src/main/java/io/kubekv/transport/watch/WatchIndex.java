package io.kubekv.transport.watch;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the subscriptions that an event concerns without looking at the others: those on one key by
 * the key, those on more by the last path element that all their keys share. Guarded by the hub's
 * lock.
 */
final class WatchIndex {
  private static final String ROOT = "";

  private final Map<String, Set<Subscription>> byKey = new HashMap<>();
  private final Map<String, Set<Subscription>> byPath = new HashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(Subscription subscription) {
    Range range = subscription.range();
    if (map(range).computeIfAbsent(bucket(range), b -> new LinkedHashSet<>(2)).add(subscription)) {
      size++;
    }
  }

  void remove(Subscription subscription) {
    Range range = subscription.range();
    Set<Subscription> bucket = map(range).get(bucket(range));
    if (bucket != null && bucket.remove(subscription)) {
      size--;
      if (bucket.isEmpty()) {
        map(range).remove(bucket(range));
      }
    }
  }

  List<Subscription> all() {
    List<Subscription> all = new ArrayList<>(size);
    byKey.values().forEach(all::addAll);
    byPath.values().forEach(all::addAll);
    return all;
  }

  /** The subscriptions whose range holds a key that the event changed. */
  Set<Subscription> concernedBy(WatchEvent event) {
    Set<Subscription> found = new LinkedHashSet<>();
    switch (event) {
      case WatchEvent.Put put -> collect(put.entry().key().text(), found);
      case WatchEvent.Delete delete -> {
        collect(delete.previous().key().text(), found);
        for (Entry below : delete.below()) {
          collect(below.key().text(), found);
        }
      }
      case WatchEvent.Progress progress -> {}
      case WatchEvent.HistoryGone gone -> {}
    }
    return found;
  }

  private void collect(String key, Set<Subscription> found) {
    found.addAll(byKey.getOrDefault(key, Set.of()));
    if (byPath.isEmpty()) {
      return;
    }
    covering(key, key, found);
    for (int slash = key.lastIndexOf('/'); slash >= 0; slash = key.lastIndexOf('/', slash - 1)) {
      covering(key.substring(0, slash), key, found);
    }
    covering(ROOT, key, found);
  }

  private void covering(String path, String key, Set<Subscription> found) {
    for (Subscription subscription : byPath.getOrDefault(path, Set.of())) {
      if (covers(subscription.range(), key)) {
        found.add(subscription);
      }
    }
  }

  private static boolean covers(Range range, String key) {
    return switch (range) {
      case Range.Exact exact -> exact.key().text().equals(key);
      case Range.WithPrefix with -> key.startsWith(with.prefix().text());
      case Range.Tree tree -> true;
      case Range.Between between -> between.contains(Key.of(key));
    };
  }

  private Map<String, Set<Subscription>> map(Range range) {
    return range instanceof Range.Exact ? byKey : byPath;
  }

  private static String bucket(Range range) {
    return switch (range) {
      case Range.Exact exact -> exact.key().text();
      case Range.Tree tree -> tree.top().text();
      case Range.WithPrefix with -> bucket(with.prefix());
      case Range.Between between -> between.below().map(WatchIndex::bucket).orElse(ROOT);
    };
  }

  private static String bucket(Prefix prefix) {
    return prefix.text().substring(0, Math.max(0, prefix.text().lastIndexOf('/')));
  }
}
