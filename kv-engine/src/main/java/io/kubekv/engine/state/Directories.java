package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.StoredSize;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * What is counted of each directory, as ZooKeeper does: every node that is made or deleted directly
 * in it, whoever does it, those that are implied by keys below them as well ({@link
 * io.kubekv.NodeRules}). A directory is what keys share up to and with their last {@code /}; that
 * at the top is the empty text. One is counted for as long as its own node is there, and then
 * begins anew; so there are no more than the keys have slashes. A key that begins with a slash is
 * in a directory of its own, which is in no other. Immutable.
 *
 * @param kept whether anything is counted: not before {@link Feature#DIRECTORY_COUNTERS} is on
 * @param counters by directory; those of which nothing was ever counted are not among them
 * @param bytes how much memory they take, about
 * @param digest a sum over all of it; see {@link Digest}
 */
public record Directories(
    boolean kept, TreePMap<String, Counters> counters, long bytes, long digest) {
  /**
   * What is counted of one directory.
   *
   * @param creates how many nodes were made in it, those that are gone by now as well
   * @param changed the revision at which a node was last made or deleted in it; zero when none was
   * @param children how many nodes are in it
   */
  public record Counters(long creates, Revision changed, long children) {
    static final Counters NONE = new Counters(0, Revision.ZERO, 0);

    Counters made(Revision at) {
      return new Counters(creates + 1, Revision.max(changed, at), children + 1);
    }

    Counters deleted(Revision at) {
      return new Counters(creates, at, children - 1);
    }
  }

  static final Directories NONE = new Directories(false, TreePMap.empty(), 0, 0);

  /** The directory of a key. */
  static String of(Key key) {
    return of(key.text());
  }

  private static String of(String text) {
    return text.substring(0, text.lastIndexOf('/') + 1);
  }

  /** What is counted of a directory. */
  public Counters at(String directory) {
    Counters known = counters.get(directory);
    return known == null ? Counters.NONE : known;
  }

  /** Counting begins, with what is there: all at once, since nothing else is decided meanwhile. */
  Directories begun(Contents contents) {
    if (kept) {
      return this;
    }
    Tally tally = new Tally();
    for (Entry entry : contents.entries().values()) {
      make(entry.key(), entry.createRevision(), contents, tally);
    }
    return kept(new TreeMap<>(tally.counters));
  }

  /** What was counted, by directory. */
  static Directories kept(SortedMap<String, Counters> found) {
    long bytes = 0;
    long digest = 0;
    for (Map.Entry<String, Counters> each : found.entrySet()) {
      bytes += bytes(each.getKey());
      digest += digest(each.getKey(), each.getValue());
    }
    return new Directories(true, TreePMap.fromSortedMap(found), bytes, digest);
  }

  /**
   * A key has another entry, or none any more; nothing is counted where it had one and has one, and
   * where keys below it imply its node anyway.
   *
   * @param after all entries then
   */
  Directories replaced(
      Key key, @Nullable Entry from, @Nullable Entry to, Revision at, Contents after) {
    if (!kept || (from == null) == (to == null)) {
      return this;
    }
    return to == null ? deleted(key, at, after) : made(key, at, after);
  }

  private Directories made(Key key, Revision at, Contents entries) {
    Changing changing = new Changing(this);
    make(key, at, entries, changing);
    return changing.all;
  }

  /** Where counters are looked up and set. */
  private interface Counted {
    Counters at(String directory);

    void set(String directory, Counters now);
  }

  /** Counters that are all counted at once. */
  private static final class Tally implements Counted {
    private final Map<String, Counters> counters = new HashMap<>();

    @Override
    public Counters at(String directory) {
      return counters.getOrDefault(directory, Counters.NONE);
    }

    @Override
    public void set(String directory, Counters now) {
      counters.put(directory, now);
    }
  }

  /** Counters of which a few change. */
  private static final class Changing implements Counted {
    private Directories all;

    Changing(Directories all) {
      this.all = all;
    }

    @Override
    public Counters at(String directory) {
      return all.at(directory);
    }

    @Override
    public void set(String directory, Counters now) {
      all = all.with(directory, now);
    }
  }

  /** Makes a node, and those above it up to the first that was there. */
  private static void make(Key key, Revision at, Contents entries, Counted counted) {
    @Nullable Key made = counted.at(key.text() + "/").children() > 0 ? null : key;
    while (made != null) {
      String directory = of(made);
      Counters before = counted.at(directory);
      counted.set(directory, before.made(at));
      @Nullable Key node = before.children() > 0 ? null : node(directory);
      made = node == null || entries.has(node) ? null : node;
    }
  }

  /** Deletes a node, and those above it that are there no more without it. */
  private Directories deleted(Key key, Revision at, Contents entries) {
    String own = key.text() + "/";
    if (at(own).children() > 0) {
      return this;
    }
    Directories all = without(own);
    @Nullable Key gone = key;
    while (gone != null) {
      String directory = of(gone);
      @Nullable Key node = node(directory);
      Counters left = all.at(directory).deleted(at);
      boolean stays =
          left.children() > 0 || directory.isEmpty() || node != null && entries.has(node);
      all = stays ? all.with(directory, left) : all.without(directory);
      gone = stays ? null : node;
    }
    return all;
  }

  /** The node of a directory; that at the top has none. */
  private static @Nullable Key node(String directory) {
    return directory.length() > 1 ? Key.of(directory.substring(0, directory.length() - 1)) : null;
  }

  private Directories with(String directory, Counters now) {
    Counters before = counters.get(directory);
    return new Directories(
        kept,
        counters.plus(directory, now),
        before == null ? bytes + bytes(directory) : bytes,
        digest - digest(directory, before) + digest(directory, now));
  }

  private Directories without(String directory) {
    Counters before = counters.get(directory);
    return before == null
        ? this
        : new Directories(
            kept,
            counters.minus(directory),
            bytes - bytes(directory),
            digest - digest(directory, before));
  }

  private static long bytes(String directory) {
    return StoredSize.ofDirectory(directory);
  }

  private static long digest(String directory, @Nullable Counters counted) {
    return counted == null ? 0 : Digest.of(directory, counted);
  }
}
