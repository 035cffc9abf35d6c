package io.kubekv.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves SQLite's write-ahead log into the database file beside the writer, on a thread and a
 * connection of its own, so that no commit waits for it.
 *
 * <p>SQLite starts its log anew only when all of it has been moved, which never happens under a
 * steady load. So right after a move has left little to do, the writer is asked to finish it
 * between two groups. The log's file thus stays near {@value #RESTART_BYTES} bytes plus what is
 * written during one move, and keeps its size: to write over a part of a file and sync it takes
 * half the time of making the file longer.
 *
 * <p>What is not moved yet is room that the database file still needs. The writer asks how much
 * that is ({@link #unmoved}) and moves it itself where it would be more than the disk keeps for it.
 */
final class WalCheckpoint {
  private static final Logger log = LoggerFactory.getLogger(WalCheckpoint.class);
  private static final long CHECKPOINT_BYTES = 4L << 20;
  private static final long RESTART_BYTES = 16L << 20;
  private static final long PERIOD_MILLIS = 500;

  private final Path file;
  private final Thread thread;
  private final AtomicLong written = new AtomicLong();
  private volatile long restartedAt;
  private volatile boolean restartDue;
  private volatile boolean closed;
  private volatile long movedAt;
  private volatile boolean failing;

  WalCheckpoint(Path file) {
    this.file = file;
    thread = Threads.daemon("kubekv-wal-checkpoint", this::run);
    thread.start();
  }

  /** The writer has written about so many bytes to the log. */
  void wrote(long bytes) {
    written.addAndGet(bytes);
  }

  /** How many bytes of the log are not known to be in the database file. */
  long unmoved() {
    return written.get() - movedAt;
  }

  boolean restartIsDue() {
    return restartDue;
  }

  /** Finishes the move and starts the log anew; called by the writer between two groups. */
  void restart(Connection writer) {
    restartDue = false;
    long now = written.get(); // only the writer adds to it
    try {
      writer.setAutoCommit(true);
      try {
        if (checkpoint(writer, "RESTART")) {
          restartedAt = now;
          movedAt = now;
          failing = false;
        }
      } finally {
        writer.setAutoCommit(false);
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void run() {
    try {
      while (!closed) {
        moveUntilClosed();
        TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      log.debug("stopped");
    }
  }

  private void moveUntilClosed() throws InterruptedException {
    try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      while (!closed) {
        moveIfMuch(own);
        TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void moveIfMuch(Connection own) {
    long now = written.get();
    if (now - movedAt < CHECKPOINT_BYTES) {
      return;
    }
    try {
      if (checkpoint(own, "PASSIVE")) {
        movedAt = Math.max(movedAt, now);
        failing = false;
        restartDue = now - restartedAt >= RESTART_BYTES;
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  /** Says it once: a disk that is full or gone stays so for a while. */
  private void failed(SQLException e) {
    if (!failing) {
      failing = true;
      log.warn("the log of {} cannot be moved into it; trying again: {}", file, e.getMessage());
    }
  }

  /** Whether nobody stood in the way. */
  private static boolean checkpoint(Connection connection, String mode) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return answer.getInt(1) == 0;
    }
  }

  void close() {
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
