package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one level of the keys, a page at a time. It seeks over what is below each child, so that a
 * page costs the same in a store of any size.
 */
final class Levels {
  static final int PAGE = 100;
  private static final int CHUNK = 128;
  private static final char SLASH = '/';

  /** No character is before it: a key and this is the first text behind the key. */
  static final String FIRST = "\u0001";

  private final KeyValueStore store;
  private final Prefix prefix;
  private final Freshness freshness;
  private final List<Level.Child> children = new ArrayList<>();
  private @Nullable String folder;

  private Levels(KeyValueStore store, Prefix prefix, Freshness freshness) {
    this.store = store;
    this.prefix = prefix;
    this.freshness = freshness;
  }

  /**
   * Reads a page.
   *
   * @param after the text of the child that it begins behind
   */
  static Level read(KeyValueStore store, Prefix prefix, Optional<String> after) {
    Revision now = Await.read(store.revision(Freshness.LINEARIZABLE));
    Levels levels = new Levels(store, prefix, new Freshness.AtLeast(now));
    return levels.page(after, now);
  }

  private Level page(Optional<String> after, Revision now) {
    long keys = count(new Range.WithPrefix(prefix));
    Optional<Range> next = after.isPresent() ? behind(after.get()) : Optional.of(all());
    while (next.isPresent() && children.size() <= PAGE) {
      next = take(list(next.get(), CHUNK));
    }
    boolean more = children.size() > PAGE;
    List<Level.Child> shown = more ? children.subList(0, PAGE) : children;
    Optional<String> last = more ? Optional.of(shown.getLast().text()) : Optional.empty();
    return new Level(prefix, shown.stream().map(this::counted).toList(), last, keys, now);
  }

  private Listing list(Range range, int limit) {
    return Await.read(store.list(ListRequest.of(range).withLimit(limit), freshness));
  }

  private long count(Range range) {
    return list(range, 1).count();
  }

  private Level.Child counted(Level.Child child) {
    return child.entry().isPresent()
        ? child
        : new Level.Child(
            child.text(), child.entry(), count(new Range.WithPrefix(new Prefix(child.text()))));
  }

  /** Takes what a list has shown; where to go on. */
  private Optional<Range> take(Listing chunk) {
    for (Entry entry : chunk.entries()) {
      take(entry);
    }
    if (!chunk.more()) {
      return Optional.empty();
    }
    String last = chunk.entries().getLast().key().text();
    return behind(folder != null && last.startsWith(folder) ? folder : last);
  }

  private void take(Entry entry) {
    String text = entry.key().text();
    if (folder != null && text.startsWith(folder)) {
      return;
    }
    int slash = text.indexOf(SLASH, prefix.text().length());
    if (slash < 0) {
      children.add(new Level.Child(text, Optional.of(entry), 1));
    } else {
      folder = text.substring(0, slash + 1);
      children.add(new Level.Child(folder, Optional.empty(), 0));
    }
  }

  private Range all() {
    return new Range.WithPrefix(prefix);
  }

  /** What follows a child in this level. */
  private Optional<Range> behind(String child) {
    int own = prefix.text().length();
    if (!child.startsWith(prefix.text()) || child.isEmpty()) {
      throw PageError.bad("The page would begin behind a key of another level.");
    }
    boolean isFolder = child.length() > own && child.indexOf(SLASH, own) >= 0;
    try {
      Optional<Key> from =
          isFolder ? new Prefix(child).behind() : Optional.of(new Key(child + FIRST));
      return from.map(first -> new Range.Between(first, prefix.behind()));
    } catch (IllegalArgumentException noKey) {
      throw PageError.bad("The page would begin behind what is no key.");
    }
  }
}
