package io.kubekv.engine;

import io.kubekv.Await;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Feature;
import io.kubekv.engine.state.Features;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * One replica of those that share a log: how far it is, and whether it is the one that writes.
 * Thread-safe and cheap; only {@link #awaitShown} and {@link #awaitCompacted} wait.
 */
public final class EngineReplica {
  /**
   * How far this replica is.
   *
   * @param applied the position of the last entry that is applied
   * @param shown the position up to which entries are shown: to watches, stale reads and the status
   * @param revision the last revision that is shown
   * @param epoch of the last entry that is applied: grows with each replica that takes over
   * @param oldest the first revision that a watch can start from
   * @param takeOvers how often this replica got the lease
   * @param opened how often the log was read from its snapshot on: at the start, and whenever
   *     entries were missed
   * @param problem what is wrong between this replica and the log, in words for an operator; empty
   *     when nothing is. Whether it holds the log is another question
   */
  public record State(
      long applied,
      long shown,
      Revision revision,
      long epoch,
      Revision oldest,
      long takeOvers,
      long opened,
      String problem) {
    /** How many entries are applied and wait to be shown. */
    public long backlog() {
      return Math.max(0, applied - shown);
    }
  }

  private final Pipeline pipeline;

  EngineReplica(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Whether linearizable reads and changes are answered here now. */
  public boolean isActive() {
    return epoch().isPresent();
  }

  /**
   * The epoch of the log in which this replica writes; empty while it is not active. Another holder
   * has another epoch, and so has this one when it takes the log over again.
   */
  public OptionalLong epoch() {
    return pipeline.tenure().writing();
  }

  /** Whether the log has been read, so that there is something to show. */
  public boolean isFilled() {
    return !(pipeline.phase() instanceof Phase.Opening);
  }

  /** The last revision that is shown here. */
  public Revision shown() {
    return pipeline.replica().shown().revision();
  }

  /**
   * Waits until a revision is shown here.
   *
   * @return false when it did not come within {@code atMost}, or the store is closed
   */
  public boolean awaitShown(Revision revision, Duration atMost) throws InterruptedException {
    return Await.interruptibly(pipeline.replica().reached().reached(revision, atMost));
  }

  /**
   * Waits until it is forgotten here what was before a revision ({@link EngineStore#compact}).
   *
   * @return false when that did not come within {@code atMost}, or the store is closed
   */
  public boolean awaitCompacted(Revision first, Duration atMost) throws InterruptedException {
    return Await.interruptibly(pipeline.replica().compacted().reached(first, atMost));
  }

  /**
   * Fails when a put needs what is not switched on in the store, as far as is known here. Whoever
   * holds the log knows what is.
   *
   * @throws UnavailableException saying what to do
   */
  public void requireFeatures(PutRequest request) {
    features().requireFor(request);
  }

  /** The same of a session that is to begin. */
  public void requireFeatures(SessionSpec spec) {
    features().requireFor(spec);
  }

  /** The same of a compaction. */
  public void requireCompaction() {
    features().require(Feature.COMPACTION);
  }

  /** The same of what is counted of directories. */
  public void requireDirectories() {
    features().require(Feature.DIRECTORY_COUNTERS);
  }

  /**
   * The same of what ZooKeeper's clients need: its nodes, versions that are compared, metadata that
   * is set, sessions that are taken up and checked.
   */
  public void requireNodes() {
    requireDirectories();
    features().require(Feature.ENTRY_METADATA);
  }

  private Features features() {
    io.kubekv.engine.state.State shown = pipeline.replica().shown();
    if (shown.storeId() == 0) {
      throw new UnavailableException("it is not known here yet what is switched on in the store");
    }
    return shown.features();
  }

  /**
   * The revision of the snapshot that the history here begins with, zero where it begins with the
   * store. What was before, another replica may remember ({@link #backfill}): else a client that
   * comes from there would be told that history is gone where nothing happened.
   */
  public Revision historyBase() {
    return pipeline.replica().history().base();
  }

  /**
   * What another replica remembers of the time before this one's history. Watches see it soon.
   *
   * @param base {@link #historyBase} when it was asked; nothing happens when that has changed
   * @param first the first revision from which no change is missing
   * @param earlier every change from there to {@code base}, in order
   */
  public void backfill(Revision base, Revision first, List<WatchEvent> earlier) {
    pipeline.backfill(base, first, List.copyOf(earlier));
  }

  public State state() {
    Replica replica = pipeline.replica();
    long shown = replica.shownPosition();
    Root applied = replica.root();
    return new State(
        applied.position(),
        shown,
        replica.shown().revision(),
        applied.epoch(),
        replica.history().oldest(),
        pipeline.tenure().terms(),
        pipeline.tenure().opened(),
        pipeline.tenure().problem());
  }
}
