package io.kubekv.memory;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoredSize;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** The entries in the order of their keys, and what ranges ask of them. Not thread-safe. */
final class Contents {
  private final TreeMap<Key, Entry> entries = new TreeMap<>();
  private long bytes;

  Optional<Entry> get(Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  void put(Entry entry) {
    remove(entry.key());
    entries.put(entry.key(), entry);
    bytes += StoredSize.of(entry);
  }

  void remove(Key key) {
    Entry removed = entries.remove(key);
    bytes -= removed == null ? 0 : StoredSize.of(removed);
  }

  /** How much memory the entries take, about. */
  long bytes() {
    return bytes;
  }

  long size() {
    return entries.size();
  }

  boolean hasBelow(Key key) {
    Key next = entries.ceilingKey(new Key(key.below().text()));
    return next != null && key.below().matches(next);
  }

  /** The entries of a range, ordered by key. */
  List<Entry> in(Range range) {
    List<Entry> found = new ArrayList<>();
    range.self().flatMap(this::get).ifPresent(found::add);
    range.below().ifPresent(prefix -> found.addAll(with(prefix)));
    return found;
  }

  Listing list(ListRequest request, Revision at) {
    Optional<Prefix> below = request.range().below();
    if (request.delimiter().isEmpty() || below.isEmpty()) {
      return new Listing(in(request.range()), List.of(), at);
    }
    List<Entry> found = new ArrayList<>();
    Set<Prefix> cut = new LinkedHashSet<>();
    request.range().self().flatMap(this::get).ifPresent(found::add);
    for (Entry entry : with(below.get())) {
      String key = entry.key().text();
      String delimiter = request.delimiter().get();
      int end = key.indexOf(delimiter, below.get().text().length());
      if (end < 0) {
        found.add(entry);
      } else {
        cut.add(new Prefix(key.substring(0, end + delimiter.length())));
      }
    }
    return new Listing(found, List.copyOf(cut), at);
  }

  private List<Entry> with(Prefix prefix) {
    SequencedMap<Key, Entry> from =
        prefix.text().isEmpty() ? entries : entries.tailMap(new Key(prefix.text()), true);
    List<Entry> found = new ArrayList<>();
    for (Entry entry : from.values()) {
      if (!prefix.matches(entry.key())) {
        break;
      }
      found.add(entry);
    }
    return found;
  }
}
