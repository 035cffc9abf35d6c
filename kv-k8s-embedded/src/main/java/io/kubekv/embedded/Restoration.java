package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a journal in, change by change, in no more memory than there is: history stays within its
 * bound meanwhile, and live objects that are too many end it with words for the operator.
 */
final class Restoration {
  /** Of an object beside its JSON. */
  private static final long OBJECT_BYTES = 200;

  private final ObjectStore store;
  private final History history;
  private final long mostBytes;
  private final List<Long> superseded = new ArrayList<>();
  private long liveBytes;

  /**
   * @param mostBytes of live objects that there is memory for
   */
  Restoration(ObjectStore store, History history, long mostBytes) {
    this.store = store;
    this.history = history;
    this.mostBytes = mostBytes;
  }

  void read(Journal.Entry entry) throws StorageException {
    ObjectTable table = store.table(entry.resource());
    Version head = table.head(entry.key());
    Version version = new Version(entry.revision(), entry.json(), entry.deleted(), head);
    Change change = new Change(table, entry.key(), version, Version.alive(head));
    table.apply(change);
    history.add(change, entry.committedAt());
    store.publish(entry.revision());
    liveBytes += size(Version.alive(version)) - size(Version.alive(head));
    requireMemory();
    store.raiseFloor(history.fullFloor(store.floor()));
    superseded.addAll(history.forgetThrough(store.floor(), Integer.MAX_VALUE));
  }

  /** The revisions that were let go because history has no room for them. */
  List<Long> superseded() {
    return superseded;
  }

  private static long size(@Nullable Version version) {
    return version == null ? 0 : OBJECT_BYTES + version.json().length;
  }

  private void requireMemory() throws StorageException {
    if (liveBytes > mostBytes) {
      throw new StorageException(
          "the data directory holds more than "
              + (mostBytes >> 20)
              + " MiB of objects, for which this process's heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB has no room: start it with more memory, for example"
              + " KUBEKV_JAVA_OPTS=-Xmx2g (of a container: raise its memory limit)",
          false,
          new IllegalStateException("too large for the heap"));
    }
  }
}
