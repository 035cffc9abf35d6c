package io.kubekv.engine;

import io.kubekv.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What may be chosen.
 *
 * @param limits what the store accepts
 * @param historyBytes about how much memory the history may hold on to
 * @param historyAge how long the history reaches back at least, where there is room for it, and not
 *     much longer
 * @param patience how long a call waits for its answer
 * @param holding how long a call waits for a replica that serves, during a take-over; zero where
 *     who calls looks for another replica himself, and is refused at once
 * @param batchBytes how much goes into one entry of the log, when several requests wait for it
 * @param snapshotBytes after how many bytes of entries a snapshot is taken
 * @param maxQueueBytes how much may wait for the next entries of the log, and how many bytes of
 *     values may wait until this replica has it; who brings more is refused as overloading it
 * @param logRate how much may be written to the log; entries wait until it may, and who would wait
 *     for too long is refused as overloading it
 * @param pause between two attempts at a log that does not answer
 * @param wall the time that is shown
 * @param ticker nanoseconds of a clock that never goes back, by which entries and sessions end
 */
public record EngineSettings(
    Limits limits,
    long historyBytes,
    Duration historyAge,
    Duration patience,
    Duration holding,
    long batchBytes,
    long snapshotBytes,
    long maxQueueBytes,
    ByteRate logRate,
    Duration pause,
    InstantSource wall,
    LongSupplier ticker) {
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          Limits.DEFAULT,
          64L << 20,
          Duration.ofDays(36_500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          256L << 10,
          16L << 20,
          16L << 20,
          new ByteRate(1_500_000, 256L << 20),
          Duration.ofMillis(50),
          InstantSource.system(),
          System::nanoTime);

  public EngineSettings withLimits(Limits newLimits) {
    return new EngineSettings(
        newLimits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withHistoryBytes(long newHistoryBytes) {
    return new EngineSettings(
        limits,
        newHistoryBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withHistoryAge(Duration newHistoryAge) {
    return new EngineSettings(
        limits,
        historyBytes,
        newHistoryAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withPatience(Duration newPatience) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        newPatience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withHolding(Duration newHolding) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        newHolding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withSnapshotBytes(long newSnapshotBytes) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        newSnapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withMaxQueueBytes(long newMaxQueueBytes) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        newMaxQueueBytes,
        logRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withLogRate(ByteRate newLogRate) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        newLogRate,
        pause,
        wall,
        ticker);
  }

  public EngineSettings withPause(Duration newPause) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        newPause,
        wall,
        ticker);
  }

  /** Time that somebody else lets pass. */
  public EngineSettings withClocks(InstantSource newWall, LongSupplier newTicker) {
    return new EngineSettings(
        limits,
        historyBytes,
        historyAge,
        patience,
        holding,
        batchBytes,
        snapshotBytes,
        maxQueueBytes,
        logRate,
        pause,
        newWall,
        newTicker);
  }
}
