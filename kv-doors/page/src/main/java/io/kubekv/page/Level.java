package io.kubekv.page;

import io.kubekv.Entry;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import java.util.List;
import java.util.Optional;

/**
 * A page of one level of the keys, as a directory is shown.
 *
 * @param prefix what all its keys begin with
 * @param children in the order of the keys; immutable
 * @param more the text of the last child, when there are further ones
 * @param keys how many keys the level has, with all below
 * @param at the revision that was read
 */
record Level(Prefix prefix, List<Child> children, Optional<String> more, long keys, Revision at) {
  Level {
    children = List.copyOf(children);
  }

  /**
   * A key, or what several share up to a slash.
   *
   * @param text the key, or the prefix with its slash
   * @param entry absent for a prefix
   * @param keys how many keys there are
   */
  record Child(String text, Optional<Entry> entry, long keys) {}
}
