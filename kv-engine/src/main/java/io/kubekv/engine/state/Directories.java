package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * What is counted of each directory, as ZooKeeper does: by every creation and deletion of an entry
 * directly in it, whoever made it. A directory is what keys share up to and with their last {@code
 * /}; that at the top is the empty text. One is counted for as long as it has children or an entry
 * of its own, and then begins anew, whatever is further below it; so there are no more than twice
 * as many as entries. Immutable.
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
   * @param creates how many entries were made in it, those that are gone by now as well
   * @param changed the revision at which an entry was last made or deleted in it; zero when none
   *     was
   * @param children how many entries are in it
   */
  public record Counters(long creates, Revision changed, long children) {
    static final Counters NONE = new Counters(0, Revision.ZERO, 0);

    Counters made(Revision at) {
      return new Counters(creates + 1, at, children + 1);
    }

    Counters deleted(Revision at) {
      return new Counters(creates, at, children - 1);
    }
  }

  static final Directories NONE = new Directories(false, TreePMap.empty(), 0, 0);

  /** Beside the text: what is counted, and its place in the map. */
  private static final long OVERHEAD_BYTES = 200;

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

  /** Counting begins, with what is there. */
  Directories begun(Contents contents) {
    if (kept) {
      return this;
    }
    Map<String, Counters> found = new TreeMap<>();
    for (Entry entry : contents.entries().values()) {
      found.merge(
          of(entry.key()),
          Counters.NONE.made(entry.createRevision()),
          (before, one) ->
              new Counters(
                  before.creates() + 1,
                  Revision.max(before.changed(), one.changed()),
                  before.children() + 1));
    }
    return kept(found);
  }

  /** What was counted, by directory. */
  static Directories kept(Map<String, Counters> found) {
    Directories all = new Directories(true, TreePMap.empty(), 0, 0);
    for (Map.Entry<String, Counters> each : found.entrySet()) {
      all = all.with(each.getKey(), each.getValue());
    }
    return all;
  }

  /**
   * A key has another entry, or none any more; nothing is counted where it had one and has one.
   *
   * @param after all entries then
   */
  Directories replaced(
      Key key, @Nullable Entry from, @Nullable Entry to, Revision at, Contents after) {
    if (!kept || (from == null) == (to == null)) {
      return this;
    }
    String directory = of(key);
    Counters before = at(directory);
    return to == null
        ? deleted(key, directory, before.deleted(at), after)
        : with(directory, before.made(at));
  }

  private Directories deleted(Key key, String directory, Counters left, Contents after) {
    boolean over = left.children() == 0 && !hasEntry(directory, after::has);
    Directories all = over ? without(directory) : with(directory, left);
    String own = key.text() + "/";
    return all.at(own).children() == 0 ? all.without(own) : all;
  }

  /** The top has always been there. */
  private static boolean hasEntry(String directory, Predicate<Key> present) {
    int length = directory.length();
    return length == 0 || length > 1 && present.test(new Key(directory.substring(0, length - 1)));
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
    return OVERHEAD_BYTES + directory.getBytes(StandardCharsets.UTF_8).length;
  }

  private static long digest(String directory, @Nullable Counters counted) {
    return counted == null ? 0 : Digest.of(directory, counted);
  }
}
