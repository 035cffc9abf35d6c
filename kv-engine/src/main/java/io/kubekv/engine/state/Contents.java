package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoredSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The entries in the order of their keys, and what ranges ask of them. Immutable; a changed one
 * shares all but a path with the one before.
 *
 * @param entries by key
 * @param bytes how much memory they take, about ({@link StoredSize})
 */
public record Contents(TreePMap<Key, Entry> entries, long bytes) {
  public static final Contents EMPTY = new Contents(TreePMap.empty(), 0);

  public Optional<Entry> get(Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  boolean has(Key key) {
    return entries.containsKey(key);
  }

  public int size() {
    return entries.size();
  }

  /**
   * A key has another entry, or none any more.
   *
   * @param before the entry that it has
   */
  Contents replaced(Key key, @Nullable Entry before, @Nullable Entry after) {
    long more = bytes(after) - bytes(before);
    return after == null
        ? new Contents(entries.minus(key), bytes + more)
        : new Contents(entries.plus(key, after), bytes + more);
  }

  private static long bytes(@Nullable Entry entry) {
    return entry == null ? 0 : StoredSize.of(entry);
  }

  boolean hasBelow(Key key) {
    Map.@Nullable Entry<Key, Entry> next = entries.ceilingEntry(new Key(key.below().text()));
    return next != null && key.below().matches(next.getKey());
  }

  /** The entries of a range, ordered by key. */
  public List<Entry> in(Range range) {
    return whole(range, Revision.ZERO, ListRequest.NO_LIMIT).entries();
  }

  /** The same, each when it is asked for: costs what is taken of it. */
  Stream<Entry> each(Range range) {
    Stream<Entry> self = range.self().flatMap(this::get).stream();
    return Stream.concat(
        self, following(range).values().stream().takeWhile(entry -> range.contains(entry.key())));
  }

  private TreePMap<Key, Entry> from(Prefix prefix) {
    return prefix.text().isEmpty() ? entries : entries.tailMap(new Key(prefix.text()), true);
  }

  /** Answers a list. Costs what it answers, not what lies between or behind. */
  public Listing list(ListRequest request, Revision at) {
    Optional<Prefix> below = request.delimiter().flatMap(unused -> request.range().below());
    if (request.delimiter().isEmpty() || below.isEmpty()) {
      return whole(request.range(), at, request.limit());
    }
    List<Entry> found = new ArrayList<>();
    List<Prefix> cut = new ArrayList<>();
    request.range().self().flatMap(this::get).ifPresent(found::add);
    boolean more = cut(below.get().text(), request.delimiter().get(), found, cut, request.limit());
    return new Listing(found, cut, at, more, (long) found.size() + cut.size());
  }

  private Listing whole(Range range, Revision at, int limit) {
    List<Entry> found = new ArrayList<>();
    range.self().flatMap(this::get).ifPresent(found::add);
    boolean more = !(range instanceof Range.Exact) && addAll(following(range), range, found, limit);
    return new Listing(found, List.of(), at, more, more ? count(range) : found.size());
  }

  /** How many entries a range has. Costs as much as to find its ends: subtrees know their sizes. */
  int count(Range range) {
    int self = range.self().filter(this::has).isPresent() ? 1 : 0;
    return switch (range) {
      case Range.Exact exact -> self;
      case Range.WithPrefix with -> count(with.prefix());
      case Range.Tree tree -> self + count(tree.top().below());
      case Range.Between between -> Math.max(0, from(between.from()) - from(between.to()));
    };
  }

  private int count(Prefix prefix) {
    return from(prefix).size() - from(prefix.behind());
  }

  private int from(Key first) {
    return entries.tailMap(first, true).size();
  }

  private int from(Optional<Key> first) {
    return first.map(this::from).orElse(0);
  }

  /** The entries from the first on that the range may have, but for {@link Range#self}. */
  private Map<Key, Entry> following(Range range) {
    return range instanceof Range.Between between
        ? entries.tailMap(between.from(), true)
        : range.below().map(this::from).orElse(TreePMap.empty());
  }

  /** Whether there are more than the limit lets through. */
  private static boolean addAll(
      Map<Key, Entry> following, Range range, List<Entry> found, int limit) {
    for (Entry entry : following.values()) {
      if (!range.contains(entry.key())) {
        return false;
      }
      if (found.size() == limit) {
        return true;
      }
      found.add(entry);
    }
    return false;
  }

  /** One level below a prefix, seeking over what is cut; whether there is more than the limit. */
  private boolean cut(
      String prefix, String delimiter, List<Entry> found, List<Prefix> cut, int limit) {
    Map.@Nullable Entry<Key, Entry> next =
        prefix.isEmpty() ? first() : entries.ceilingEntry(new Key(prefix));
    while (next != null && next.getKey().text().startsWith(prefix)) {
      if (found.size() + cut.size() == limit) {
        return true;
      }
      String key = next.getKey().text();
      int end = key.indexOf(delimiter, prefix.length());
      if (end < 0) {
        found.add(next.getValue());
        next = entries.higherEntry(next.getKey());
      } else {
        String shared = key.substring(0, end + delimiter.length());
        cut.add(new Prefix(shared));
        next = new Prefix(shared).behind().map(entries::ceilingEntry).orElse(null);
      }
    }
    return false;
  }

  private Map.@Nullable Entry<Key, Entry> first() {
    return entries.isEmpty() ? null : entries.firstEntry();
  }
}
