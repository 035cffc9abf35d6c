package io.kubekv.etcdv3.probes;

import java.util.TreeSet;

/**
 * The revisions of a program, counted from where it began. Here the beginning of a lease has a
 * revision of its own, and its end, too, when no key ends with it; in etcd they have none, and so
 * they are not counted.
 */
final class Revisions {
  private final long base;
  private final TreeSet<Long> ofLeases = new TreeSet<>();

  Revisions(long base) {
    this.base = base;
  }

  /** This one is of a lease alone. */
  void leave(long revision) {
    ofLeases.add(revision);
  }

  /** As the server has it. */
  long on(long counted) {
    long revision = base;
    for (long left = counted; left > 0; left--) {
      revision++;
      while (ofLeases.contains(revision)) {
        revision++;
      }
    }
    return revision;
  }

  /** As the program has it. */
  long counted(long revision) {
    return revision - base - ofLeases.headSet(revision, true).size();
  }
}
