package io.kubekv.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The journal in one SQLite file: an append-only table keyed by revision, in WAL mode with
 * synchronous=FULL, so that a commit is one write and one fsync at the end of the log, and a torn
 * end is recognised by its checksums when the file is opened again.
 *
 * <p>{@link WalCheckpoint} moves the log into the file on a connection of its own; the writer only
 * starts the log anew, when nearly all of it has been moved.
 */
final class SqliteJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(SqliteJournal.class);
  private static final int LARGE_FETCH = 512;
  private static final int PAGE_BYTES = 4096;
  private static final int ROW_BYTES = 128;
  private static final long DELETED_BYTES = 1024;

  private final Path file;
  private final AcknowledgedRevision acknowledged;
  private final DiskReserve reserve;
  private final FileIdentity identity;
  private final WalCheckpoint checkpoint;
  private Session session;
  private @Nullable FileIdentity logIdentity;
  private @Nullable Path removed;
  private volatile boolean spoilt;
  private volatile int maxPages = Integer.MAX_VALUE - 1;
  private volatile int reservedPages;
  private long reserveBytes;
  private boolean reserveInUse;

  /** A connection with its statements; replaced by a new one after a failure. */
  private record Session(
      Connection connection, PreparedStatement insert, PreparedStatement delete) {}

  private SqliteJournal(Path file, Session session) throws IOException {
    this.file = file;
    this.session = session;
    this.acknowledged = AcknowledgedRevision.open(sibling(file, "-revision"));
    this.reserve = new DiskReserve(sibling(file, "-reserve"));
    this.reserveBytes = reserve.wanted();
    this.identity = FileIdentity.of(file);
    this.logIdentity = FileIdentity.of(sibling(file, "-wal"));
    this.checkpoint = new WalCheckpoint(file);
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /**
   * Opens the journal in this file, made if missing. The caller holds the directory's lock.
   *
   * @throws StorageException when the file is not ours, is newer than this program, or cannot be
   *     read
   */
  static SqliteJournal open(Path file) throws StorageException {
    Session session = connect(file, true);
    boolean opened = false;
    try {
      SqliteJournal journal = new SqliteJournal(file, session);
      opened = true;
      return journal;
    } catch (IOException e) {
      throw new StorageException("cannot open the files beside " + file + ": " + e, false, e);
    } finally {
      if (!opened) {
        closeQuietly(session.connection());
      }
    }
  }

  /** Without the query for a generated key that is else made after each row. */
  private static SQLiteConfig settings() {
    SQLiteConfig settings = new SQLiteConfig();
    settings.setGetGeneratedKeys(false);
    return settings;
  }

  /**
   * @param check whether to look for damage first, which reads the whole file
   */
  private static Session connect(Path file, boolean check) throws StorageException {
    try {
      Connection connection = settings().createConnection("jdbc:sqlite:" + file);
      try {
        JournalTables.prepare(file, connection);
        connection.setAutoCommit(false);
        if (check) {
          JournalTables.check(file, connection);
        }
        return new Session(
            connection,
            connection.prepareStatement("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)"),
            connection.prepareStatement("DELETE FROM revisions WHERE revision = ?"));
      } catch (SQLException | StorageException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure("cannot open " + file, e);
    }
  }

  /**
   * The session to write with. A failed write may leave SQLite's statements in any state, so it is
   * never written with again: closing it undoes what it had not committed.
   *
   * @throws StorageException also when a file was ever found gone, until the next start: SQLite
   *     would mix what is there now with what was there before
   */
  private Session session() throws StorageException {
    requireInPlace();
    if (spoilt) {
      logIdentity = null; // SQLite may remove the log when it closes
      closeQuietly(session.connection());
      session = connect(file, false);
      logIdentity = logIdentity();
      try (Statement statement = session.connection().createStatement()) {
        int reserved = reserveInUse ? 0 : reservedPages;
        statement.execute("PRAGMA max_page_count = " + (maxPages - reserved));
      } catch (SQLException e) {
        throw failure("cannot limit " + file, e);
      }
      spoilt = false;
    }
    return session;
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("a connection that failed could not be closed either", e);
    }
  }

  @Override
  public long replay(Reader each) throws StorageException {
    Connection connection = session.connection();
    long last = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(LARGE_FETCH);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM revisions ORDER BY revision")) {
        while (rows.next()) {
          Entry entry = JournalTables.entry(rows);
          JournalTables.requireWhole(file, entry, rows);
          last = entry.revision();
          each.read(entry);
        }
      }
      long floor = JournalTables.floor(file, statement);
      connection.commit();
      requireAll(Math.max(last, floor));
      return floor;
    } catch (SQLException e) {
      throw failure("cannot read " + file, e);
    }
  }

  /** Fails when something that was acknowledged is missing. */
  private void requireAll(long last) throws StorageException {
    try {
      long promised = acknowledged.read();
      if (promised > last) {
        throw JournalTables.damaged(
            sibling(file, "-wal"),
            "changes "
                + (last + 1)
                + " to "
                + promised
                + " are missing, which were acknowledged: it is damaged or was removed (if an"
                + " older copy of the data was put here on purpose, delete "
                + sibling(file, "-revision")
                + ")");
      }
      acknowledged.write(last);
    } catch (IOException unreadable) {
      log.warn("the last acknowledged revision cannot be kept beside {}", file, unreadable);
    }
  }

  @Override
  public void append(List<Entry> changes) throws StorageException {
    Session current = session();
    keepRoomForLog(current, logBytes(changes));
    PreparedStatement insert = current.insert();
    try {
      for (Entry change : changes) {
        insert.setLong(1, change.revision());
        insert.setLong(2, change.committedAt());
        insert.setString(3, change.resource());
        insert.setString(4, change.key());
        insert.setInt(5, change.deleted() ? 1 : 0);
        insert.setBytes(6, change.json());
        insert.setLong(7, change.checksum());
        insert.executeUpdate();
      }
      current.connection().commit();
      requireInPlace();
      acknowledge(changes.getLast().revision());
      checkpoint.wrote(logBytes(changes));
    } catch (SQLException e) {
      throw spoilt("cannot write to " + file, e);
    }
  }

  /**
   * When the disk is full, the reserve has to take what the log still holds for the file, and the
   * deletes after that. So the log holds no more than half of it, or one group, as long as it can
   * be moved. Blocks for the move; when that fails, the group is written all the same.
   */
  private void keepRoomForLog(Session current, long next) {
    if (checkpoint.unmoved() > 0 && checkpoint.unmoved() + next > reserveBytes / 2) {
      checkpoint.restart(current.connection());
    }
  }

  /** What is written into files that somebody has removed is not stored. */
  private void requireInPlace() throws StorageException {
    Path log = sibling(file, "-wal");
    if (removed == null && !identity.isAt(file)) {
      removed = file;
    } else if (removed == null && logIdentity != null && !logIdentity.isAt(log)) {
      removed = log;
    }
    if (removed != null) {
      throw new StorageException(
          "the file "
              + removed
              + " was removed or replaced while the server runs: nothing more is stored. Stop it"
              + " with SIGTERM, which saves what can be saved, and start the server again; if that"
              + " is refused, put the file back, or the folder from a backup",
          false,
          new IllegalStateException("removed"));
    }
  }

  private FileIdentity logIdentity() throws StorageException {
    try {
      return FileIdentity.of(sibling(file, "-wal"));
    } catch (IOException e) {
      throw new StorageException("cannot open the log of " + file + ": " + e, false, e);
    }
  }

  private void acknowledge(long revision) {
    try {
      acknowledged.write(revision);
    } catch (IOException full) {
      log.debug("the last acknowledged revision stays behind", full);
    }
  }

  /** About what a group adds to the log: whole pages, those on the way to them included. */
  private static long logBytes(List<Entry> changes) {
    long bytes = 2L * PAGE_BYTES;
    for (Entry change : changes) {
      bytes += change.json().length + ROW_BYTES;
    }
    return bytes;
  }

  @Override
  public void compact(long floor, List<Long> superseded) throws StorageException {
    Session current = session();
    PreparedStatement delete = current.delete();
    try {
      JournalTables.setFloor(current.connection(), floor);
      for (long revision : superseded) {
        delete.setLong(1, revision);
        delete.executeUpdate();
      }
      current.connection().commit();
      checkpoint.wrote(2L * PAGE_BYTES + superseded.size() * DELETED_BYTES);
    } catch (SQLException e) {
      throw spoilt("cannot compact " + file, e);
    }
  }

  @Override
  public void betweenBatches() {
    if (!spoilt && (checkpoint.restartIsDue() || reserveInUse)) {
      checkpoint.restart(session.connection());
    }
  }

  @Override
  public void useReserve() {
    reserveInUse = true;
    reserve.release();
    limitSession();
  }

  @Override
  public boolean hasSpace() {
    if (!reserveInUse && reserve.isWhole()) {
      return true;
    }
    try {
      long outside = isSmallForTests() ? Long.MAX_VALUE : reserve.room();
      long inside;
      try (Statement statement = session().connection().createStatement()) {
        long pages = (long) maxPages - JournalTables.number(statement, "PRAGMA page_count");
        outside = Math.min(outside, pages * PAGE_BYTES);
        inside = (long) PAGE_BYTES * JournalTables.number(statement, "PRAGMA freelist_count");
      }
      session.connection().commit();
      long margin = reserveBytes / 8;
      if (outside + inside < reserveBytes + (reserveInUse ? margin : 0)) {
        return false;
      }
      if (outside >= reserveBytes + margin && !isSmallForTests()) {
        reserve.grow();
      }
      reserveInUse = false;
      return true;
    } catch (IOException | SQLException | StorageException unknown) {
      log.debug("how much space is left beside {} is not known", file, unknown);
      return !reserveInUse;
    }
  }

  private boolean isSmallForTests() {
    return reservedPages > 0;
  }

  private void limitSession() {
    spoilt = true; // the next session gets the limit that holds then
  }

  private StorageException spoilt(String what, SQLException cause) {
    spoilt = true;
    try {
      session.connection().rollback();
    } catch (SQLException e) {
      log.debug("nothing was left to roll back", e);
    }
    return failure(what, cause);
  }

  private static StorageException failure(String what, SQLException cause) {
    boolean full =
        cause instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    return new StorageException(what + ": " + cause.getMessage(), full, cause);
  }

  @Override
  public void close() {
    checkpoint.close();
    closeQuietly(session.connection());
    try {
      acknowledged.close();
    } catch (IOException e) {
      log.debug("the file of the last acknowledged revision could not be closed", e);
    }
  }

  /**
   * Lets the file grow to so many pages and no further from the next write on: a small disk, for
   * tests.
   *
   * @param reserved how many of these are the reserve
   */
  void limitPages(int pages, int reserved) {
    maxPages = pages;
    reservedPages = reserved;
    reserveBytes = (long) reserved * PAGE_BYTES;
    spoilt = true;
  }
}
