package io.kubekv.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final int APPLICATION_ID = 0x6b75626b;
  private static final int SCHEMA_VERSION = 1;
  private static final Logger log = LoggerFactory.getLogger(SqliteJournal.class);
  private static final int LARGE_FETCH = 512;
  private static final int PAGE_BYTES = 4096;
  private static final int ROW_BYTES = 128;
  private static final long DELETED_BYTES = 1024;

  private final Path file;
  private final WalCheckpoint checkpoint;
  private Session session;
  private volatile boolean spoilt;
  private volatile int maxPages = Integer.MAX_VALUE - 1;

  /** A connection with its statements; replaced by a new one after a failure. */
  private record Session(
      Connection connection, PreparedStatement insert, PreparedStatement delete) {}

  private SqliteJournal(Path file, Session session) {
    this.file = file;
    this.session = session;
    this.checkpoint = new WalCheckpoint(file);
  }

  /**
   * Opens the journal in this file, made if missing. The caller holds the directory's lock.
   *
   * @throws StorageException when the file is not ours, is newer than this program, or cannot be
   *     read
   */
  static SqliteJournal open(Path file) throws StorageException {
    return new SqliteJournal(file, connect(file));
  }

  private static Session connect(Path file) throws StorageException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try {
        prepare(file, connection);
        connection.setAutoCommit(false);
        return new Session(
            connection,
            connection.prepareStatement("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?)"),
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
   */
  private Session session() throws StorageException {
    if (spoilt) {
      closeQuietly(session.connection());
      session = connect(file);
      try (Statement statement = session.connection().createStatement()) {
        statement.execute("PRAGMA max_page_count = " + maxPages);
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

  private static void prepare(Path file, Connection connection)
      throws SQLException, StorageException {
    try (Statement statement = connection.createStatement()) {
      int application = number(statement, "PRAGMA application_id");
      int schema = number(statement, "PRAGMA user_version");
      if (application == 0 && schema == 0) {
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      } else if (application != APPLICATION_ID || schema > SCHEMA_VERSION) {
        throw new StorageException(
            "%s has format %d of application %x; this program reads formats up to %d of %x: use the"
                    .formatted(file, schema, application, SCHEMA_VERSION, APPLICATION_ID)
                + " version of kubekv that wrote it, or another data directory",
            false,
            new IllegalStateException("unknown format"));
      }
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("PRAGMA cache_size = -8192");
      if (schema == 0) {
        createTables(statement);
      }
    }
  }

  private static void createTables(Statement statement) throws SQLException {
    statement.execute("BEGIN");
    statement.execute(
        "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL,"
            + " resource TEXT NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL,"
            + " json BLOB NOT NULL)");
    statement.execute(
        "CREATE TABLE history (id INTEGER PRIMARY KEY CHECK (id = 1), floor INTEGER NOT NULL)");
    statement.execute("INSERT INTO history VALUES (1, 0)");
    statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
    statement.execute("COMMIT");
  }

  private static int number(Statement statement, String pragma) throws SQLException {
    try (ResultSet rows = statement.executeQuery(pragma)) {
      return rows.getInt(1);
    }
  }

  @Override
  public long replay(Reader each) throws StorageException {
    Connection connection = session.connection();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(LARGE_FETCH);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM revisions ORDER BY revision")) {
        while (rows.next()) {
          each.read(
              new Entry(
                  rows.getLong(1),
                  rows.getLong(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getInt(5) != 0,
                  rows.getBytes(6)));
        }
      }
      long floor;
      try (ResultSet row = statement.executeQuery("SELECT floor FROM history")) {
        floor = row.getLong(1);
      }
      connection.commit();
      return floor;
    } catch (SQLException e) {
      throw failure("cannot read " + file, e);
    }
  }

  @Override
  public void append(List<Entry> changes) throws StorageException {
    Session current = session();
    PreparedStatement insert = current.insert();
    try {
      for (Entry change : changes) {
        insert.setLong(1, change.revision());
        insert.setLong(2, change.committedAt());
        insert.setString(3, change.resource());
        insert.setString(4, change.key());
        insert.setInt(5, change.deleted() ? 1 : 0);
        insert.setBytes(6, change.json());
        insert.executeUpdate();
      }
      current.connection().commit();
      checkpoint.wrote(logBytes(changes));
    } catch (SQLException e) {
      throw spoilt("cannot write to " + file, e);
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
    try (Statement statement = current.connection().createStatement()) {
      statement.executeUpdate("UPDATE history SET floor = " + floor);
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
    if (!spoilt && checkpoint.restartIsDue()) {
      checkpoint.restart(session.connection());
    }
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
  }

  /**
   * Lets the file grow to so many pages and no further from the next write on: a small disk, for
   * tests.
   */
  void limitPages(int pages) {
    maxPages = pages;
    spoilt = true;
  }
}
