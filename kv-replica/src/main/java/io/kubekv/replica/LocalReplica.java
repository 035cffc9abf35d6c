package io.kubekv.replica;

import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.WatchEvent;
import io.kubekv.client.EtcdStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the backend of this process says and is told as one of several replicas. Thread-safe. */
public interface LocalReplica {
  /**
   * The store's lease as this process last saw it.
   *
   * @param holder who holds it: unique to one process and one run of it
   * @param ours whether that is this process
   * @param address where the others reach the holder; empty when it does not say
   * @param secret by which the others prove to the holder that they may read the lease; empty when
   *     it does not say
   * @param duration for how long it is held at a time
   * @param age how long ago this process saw it renewed
   */
  record Lease(
      String holder, boolean ours, String address, String secret, Duration duration, Duration age) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Lease[" + holder + " at " + address + "]";
    }
  }

  /**
   * How far this process is.
   *
   * @param shown the revision up to which everything has been shown here
   * @param epoch of the last entry of the log that is known here: grows with each take-over
   * @param announced the last revision that a holder has announced here
   * @param backlog events that wait to be announced
   * @param takeOvers how often this process got the lease
   * @param lists how often the log was listed
   * @param problem why it does not follow its API; empty when it does
   */
  record State(
      Revision shown,
      long epoch,
      Revision announced,
      long backlog,
      long takeOvers,
      long lists,
      String problem) {}

  /**
   * What a holder announces: a revision that everybody may show from now on, and by which entry of
   * the log it was reached.
   *
   * @param epoch of the entry
   * @param position of the entry
   * @param nonce of the entry
   */
  record News(Revision revision, long epoch, long position, long nonce) {}

  /** Names this process; another name in every run. */
  String identity();

  /** What this process tells in the lease while it holds it. */
  String secret();

  /** Why not every change can be stored, although the store answers; empty when it can. */
  default String problemOfStorage() {
    return "";
  }

  /** How the etcd is that keeps the store, if one does; asks it, for some seconds at most. */
  default Optional<EtcdStatus> etcd() {
    return Optional.empty();
  }

  /** Whether linearizable reads and writes are answered here now. Cheap. */
  boolean isActive();

  /** Whether anything of the store is shown here. */
  boolean isFilled();

  /** Up to which revision everything has been shown here. Cheap. */
  Revision shown();

  /** Who holds the lease; empty when nobody does or nobody knows. */
  Optional<Lease> lease();

  /** The holder is going or gone: to look at the lease at once. Never blocks. */
  void hurry();

  /** What may be announced now; empty when this process is not active. */
  Optional<News> news();

  /**
   * Waits until there is more to announce than {@code told}; that again when nothing came in time,
   * empty when this process is not active.
   */
  Optional<News> awaitNews(News told, Duration atMost) throws InterruptedException;

  /**
   * The holder of the lease has announced this of its store.
   *
   * @return false when that is another store than the one here: nothing comes of it
   */
  boolean announced(News news, long storeId);

  /** What this version can apply of what the log may hold, by name. */
  default Set<String> features() {
    return Set.of();
  }

  /**
   * Fails when a put needs what is not switched on in the store: a holder of the lease may be of a
   * version that does not know it.
   */
  void requireFeatures(PutRequest request);

  /** The same of a session that is to begin. */
  void requireFeatures(SessionSpec spec);

  /** The same of a compaction. */
  void requireCompaction();

  /** The same of what is counted of directories. */
  void requireDirectories();

  /** The same of ZooKeeper's tree: its nodes, versions that are compared, metadata that is set. */
  void requireNodes();

  /** Every replica can apply these: they may be used from now on. Never blocks. */
  default void switchOn(Set<String> features) {}

  /** The revision of the snapshot that the history here begins with. */
  Revision historyBase();

  /**
   * What the holder remembers of the time before the history here begins.
   *
   * @param base {@link #historyBase} when the holder was asked
   * @param first the first revision from which no change is missing
   * @param earlier every change from there to {@code base}, in order
   */
  void backfill(Revision base, Revision first, List<WatchEvent> earlier);

  /** Waits until a revision is shown here; false when it did not come in time. */
  boolean awaitShown(Revision revision, Duration atMost) throws InterruptedException;

  /** Waits until what was before a revision is forgotten here; false when it was not in time. */
  boolean awaitCompacted(Revision first, Duration atMost) throws InterruptedException;

  State state();
}
