package io.kubekv.k8s;

import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One process of those that serve the same store: whether it is the active one and, if not, which
 * one is; what the active one tells the others, and what they make of it. The others keep the same
 * index, but show only what the active one has announced. Thread-safe.
 *
 * <p>How the announcements travel is not known here. They may be late, repeated or out of order:
 * what was announced once may be shown for ever, because it was read from the index of a process
 * that held the lease <em>afterwards</em>. The barrier of any later holder comes after it, so every
 * later holder's index has it before that holder answers.
 */
public final class Replica {
  /** Where the holder can be reached; empty when it cannot. */
  static final String ADDRESS_ANNOTATION = "kubekv.io/replica";

  /**
   * The store's Lease as this process last saw it.
   *
   * @param holder who holds it: unique to one process and one run of it
   * @param ours whether that is this process
   * @param address where the others reach the holder; empty when it does not say
   * @param secret by which the others prove to the holder that they may read the Lease; empty when
   *     it does not say
   * @param duration for how long it is held at a time
   * @param age how long ago this process saw it renewed
   */
  public record Lease(
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
   * @param active whether it answers linearizable reads and writes
   * @param shown the revision up to which everything has been shown here
   * @param announced the last revision that a holder has announced here
   * @param backlog events that wait to be announced
   * @param oldest the first revision that a watch can start from
   * @param takeOvers how often this process got the lease
   * @param lists how often the store was listed
   * @param problem why it does not follow the API; empty when it does
   */
  public record State(
      boolean active,
      Revision shown,
      Revision announced,
      long backlog,
      Revision oldest,
      long takeOvers,
      long lists,
      String problem) {}

  /**
   * What is in the namespace and is no key.
   *
   * @param objects how many there are
   * @param some ten of them at most, each with what is wrong with it
   */
  public record Quarantine(int objects, List<String> some) {}

  private static final int QUARANTINED_SHOWN = 10;

  private final Index index;
  private final History history;
  private final ResourceWatch watch;
  private final Holder holder;
  private final Leadership leadership;
  private final Clocks clocks;
  private final KubernetesStoreConfig config;
  private final String secret = ReplicaSecret.next();

  Replica(
      Index index,
      History history,
      ResourceWatch watch,
      Holder holder,
      Leadership leadership,
      Clocks clocks,
      KubernetesStoreConfig config) {
    this.index = index;
    this.history = history;
    this.watch = watch;
    this.holder = holder;
    this.leadership = leadership;
    this.clocks = clocks;
    this.config = config;
  }

  /** Names this process; another name in every run. */
  public String identity() {
    return leadership.identity();
  }

  /** What this process tells in the Lease while it holds it. */
  public String secret() {
    return secret;
  }

  /** Whether linearizable reads and writes are answered here now. Cheap. */
  public boolean isActive() {
    return holder.isActive();
  }

  /** Whether a list of the store is shown here at all. */
  public boolean isFilled() {
    return index.filled();
  }

  /** Up to which revision everything has been shown here. Cheap. */
  public Revision shown() {
    return index.seen().now();
  }

  /** Who holds the lease, as last seen; empty when nobody does or nobody knows. */
  public Optional<Lease> lease() {
    return leadership.seen().flatMap(this::lease);
  }

  private Optional<Lease> lease(Leadership.Sighting seen) {
    LeaseState lease = seen.lease();
    return lease
        .holder()
        .map(
            name ->
                new Lease(
                    name,
                    name.equals(leadership.identity()),
                    lease.annotations().getOrDefault(ADDRESS_ANNOTATION, ""),
                    lease.annotations().getOrDefault(ReplicaSecret.ANNOTATION, ""),
                    lease.duration(),
                    Duration.ofNanos(clocks.nanoTime() - seen.sinceNanos())));
  }

  /** The lease is about to become free, or is: looks at once, and often for a few seconds. */
  public void hurry() {
    leadership.hurry();
  }

  /**
   * Waits until there is something to announce beyond {@code told}: what the index has, if the
   * lease is held after it was looked at.
   *
   * @param told the last revision that was announced
   * @return a revision that everybody may show from now on; the same again when nothing came in
   *     time; empty when this process is not active, and has nothing to say
   */
  public Optional<Revision> awaitNews(Revision told, Duration atMost) throws InterruptedException {
    boolean more = index.seen().await(told.next(), atMost.toNanos());
    Revision now = more ? index.seen().now() : told;
    return holder.isActive() ? Optional.of(now) : Optional.empty();
  }

  /** What may be announced now; empty when this process is not active. */
  public Optional<Revision> news() {
    Revision now = index.seen().now();
    return holder.isActive() ? Optional.of(now) : Optional.empty();
  }

  /** The holder has announced a revision of the store with this id: it is shown here, too. */
  public void announced(Revision revision, long storeId) {
    if (!holder.isActive()) {
      holder.identified(storeId);
      watch.announced(revision, storeId);
    }
  }

  /**
   * The revision that must be announced before a new list can be shown here: it may be one at which
   * nothing of the store was changed, so that the holder has to be asked for it ({@link #reach}).
   */
  public Optional<Revision> awaited() {
    return watch.awaited();
  }

  /**
   * The revision of the list that this process's history begins with. What was before it, the
   * holder may remember: it is asked for that once ({@link #backfill}), or a client that comes from
   * another replica would be told that history is gone where nothing happened.
   */
  public Revision historyBase() {
    return history.era().start();
  }

  /**
   * What the holder remembers of the time before this process's history begins.
   *
   * @param base {@link #historyBase} when it was asked
   * @param first the first revision from which no change is missing
   * @param earlier every change from there to {@code base}, in order
   */
  public void backfill(Revision base, Revision first, List<WatchEvent> earlier) {
    history.backfill(base, first, earlier);
  }

  /**
   * Another replica waits for this revision: sees to it that it comes, by a change of no entry if
   * nothing else is changed. Blocks.
   *
   * @throws UnavailableException when this process is not active
   */
  public void reach(Revision revision) {
    if (!holder.isActive()) {
      throw new UnavailableException("not the holder of the lease");
    }
    if (index.seen().now().isBefore(revision)) {
      holder.mark(Deadline.in(config.patience()));
    }
  }

  /**
   * Waits until a revision is shown here; false when it did not come in time.
   *
   * @throws StoreException when the store is closed
   */
  public boolean awaitShown(Revision revision, Duration atMost) throws InterruptedException {
    holder.requireOpen();
    return index.seen().await(revision, atMost.toNanos());
  }

  /** What is refused because it cannot be read as a key. */
  public Quarantine quarantine() {
    return new Quarantine(index.foreignCount(), index.foreign(QUARANTINED_SHOWN));
  }

  public State state() {
    return new State(
        holder.isActive(),
        index.seen().now(),
        watch.announced(),
        watch.backlog(),
        history.era().oldest(),
        leadership.terms(),
        watch.mended().lists(),
        watch.problem());
  }
}
