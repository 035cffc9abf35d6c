package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.Prefix;
import java.time.Duration;
import java.util.List;

/**
 * What is shown, and how fast.
 *
 * @param shown whether keys are shown at all; the {@code Store} object always is
 * @param prefixes keys are shown that have one of these; not empty
 * @param mostKeys so many keys are shown at most
 * @param writesPerSecond to the Kubernetes API, those about edits included
 * @param settled a key is shown when it has not changed for as long
 * @param longest a key that goes on changing is shown as often
 * @param mostDeletions when more objects are deleted within a minute, or all at once, that is taken
 *     for damage to the view and not for deletes of keys
 */
public record ViewSettings(
    boolean shown,
    List<Prefix> prefixes,
    int mostKeys,
    int writesPerSecond,
    Duration settled,
    Duration longest,
    int mostDeletions) {
  /** Everything up to 10,000 keys, at most 60 writes a second. */
  public static final ViewSettings DEFAULT =
      new ViewSettings(
          true,
          List.of(Prefix.ALL),
          10_000,
          60,
          Duration.ofMillis(250),
          Duration.ofMillis(800),
          16);

  public ViewSettings {
    prefixes = List.copyOf(prefixes);
    if (prefixes.isEmpty() || mostKeys < 1 || writesPerSecond < 1 || mostDeletions < 1) {
      throw new IllegalArgumentException(
          "a view needs a prefix, and at least one key, write a second and deletion");
    }
  }

  /** No key is shown; objects that are there already stay as they are. */
  public ViewSettings off() {
    return new ViewSettings(
        false, prefixes, mostKeys, writesPerSecond, settled, longest, mostDeletions);
  }

  public ViewSettings withPrefixes(List<Prefix> newPrefixes) {
    return new ViewSettings(
        shown, newPrefixes, mostKeys, writesPerSecond, settled, longest, mostDeletions);
  }

  public ViewSettings withMostKeys(int newMostKeys) {
    return new ViewSettings(
        shown, prefixes, newMostKeys, writesPerSecond, settled, longest, mostDeletions);
  }

  public ViewSettings withWritesPerSecond(int newWritesPerSecond) {
    return new ViewSettings(
        shown, prefixes, mostKeys, newWritesPerSecond, settled, longest, mostDeletions);
  }

  boolean includes(Key key) {
    return prefixes.stream().anyMatch(prefix -> prefix.matches(key));
  }
}
