package io.kubekv.k8s;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The store as it stood at one revision. Immutable.
 *
 * @param entries the entries in the order of their keys
 * @param revision the revision of the last change that they hold
 */
record Snapshot(OrderedMap<Held> entries, Revision revision) {
  /** A live object and the entry that it is: one is what writes need, the other what reads show. */
  record Held(StoredObject object, Entry entry) {}

  static final Snapshot EMPTY = new Snapshot(OrderedMap.empty(), Revision.ZERO);

  Optional<Entry> get(Key key) {
    return held(key).map(Held::entry);
  }

  Optional<Held> held(Key key) {
    return entries.get(key);
  }

  int size() {
    return entries.size();
  }

  boolean hasBelow(Key key) {
    Prefix below = key.below();
    return entries
        .ceiling(new Key(below.text()))
        .filter(held -> below.matches(held.entry().key()))
        .isPresent();
  }

  /** The entries of a range, ordered by key. */
  List<Entry> in(Range range) {
    return in(range, Integer.MAX_VALUE);
  }

  /** As {@link #in}, but no more than one above {@code most}. */
  private List<Entry> in(Range range, int most) {
    List<Entry> found = new ArrayList<>();
    range.self().flatMap(this::get).ifPresent(found::add);
    range.below().ifPresent(prefix -> addAll(prefix, found, most));
    return found;
  }

  Listing list(ListRequest request) {
    return list(request, Integer.MAX_VALUE).orElseThrow();
  }

  /** The same if it has no more than {@code most} elements; it costs no more than these. */
  Optional<Listing> list(ListRequest request, int most) {
    Optional<Prefix> below = request.range().below();
    List<Prefix> cut = List.of();
    List<Entry> found;
    if (request.delimiter().isEmpty() || below.isEmpty()) {
      found = in(request.range(), most);
    } else {
      found = new ArrayList<>();
      request.range().self().flatMap(this::get).ifPresent(found::add);
      cut = cut(below.get().text(), request.delimiter().get(), found, most);
    }
    return found.size() + cut.size() > most
        ? Optional.empty()
        : Optional.of(new Listing(found, cut, revision));
  }

  /** One level below a prefix: seeks over what is cut, so that it costs what it answers. */
  private List<Prefix> cut(String prefix, String delimiter, List<Entry> found, int most) {
    List<Prefix> cut = new ArrayList<>();
    Optional<Entry> next = first(prefix);
    while (found.size() + cut.size() <= most
        && next.isPresent()
        && next.get().key().text().startsWith(prefix)) {
      Key key = next.get().key();
      int end = key.text().indexOf(delimiter, prefix.length());
      if (end < 0) {
        found.add(next.get());
        next = after(key);
      } else {
        String shared = key.text().substring(0, end + delimiter.length());
        cut.add(new Prefix(shared));
        next = entries.afterPrefix(new Key(shared)).map(Held::entry);
      }
    }
    return cut;
  }

  private Optional<Entry> first(String prefix) {
    return entries.ceiling(prefix.isEmpty() ? FIRST_KEY : new Key(prefix)).map(Held::entry);
  }

  private Optional<Entry> after(Key key) {
    return entries.ceiling(new Key(key.text() + FIRST_KEY.text())).map(Held::entry);
  }

  private void addAll(Prefix prefix, List<Entry> found, int most) {
    if (prefix.text().isEmpty()) {
      entries.forEach(held -> found.add(held.entry()) && found.size() <= most);
      return;
    }
    entries.forEachFrom(
        new Key(prefix.text()),
        held ->
            prefix.matches(held.entry().key()) && found.add(held.entry()) && found.size() <= most);
  }

  /** No key is before this one, and no key is between a key and it appended: NUL is not allowed. */
  private static final Key FIRST_KEY = new Key("\u0001");
}
