package io.kubekv.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of the journal's file: their format, and what shows that they are damaged. */
final class JournalTables {
  private static final int APPLICATION_ID = 0x6b75626b;
  private static final int SCHEMA_VERSION = 2;

  /** Of disk space for a new format, beside the rows: what a few pages and indexes take. */
  private static final long SPARE_BYTES = 1L << 20;

  /** What to do about damage. */
  private static final String REMEDY =
      ". Nothing is served from damaged data. Stop here, keep a copy of the folder, and restore it"
          + " from a backup; or take over what is whole: sqlite3 %s .recover | sqlite3 new.db";

  private JournalTables() {}

  /** Makes a connection ready, and the tables of a new file. */
  static void prepare(Path file, Connection connection) throws SQLException, StorageException {
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

  /**
   * Looks for damage of the file's structure, which reads the whole file, as what follows does
   * anyway; then brings a former format up to this one.
   */
  static void check(Path file, Connection connection) throws SQLException, StorageException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet problems = statement.executeQuery("PRAGMA quick_check(1)")) {
        String problem = problems.next() ? problems.getString(1) : "it cannot be checked";
        if (!"ok".equals(problem)) {
          throw damaged(file, "it is damaged: " + problem.replace('\n', ' '));
        }
      }
      boolean former = number(statement, "PRAGMA user_version") < SCHEMA_VERSION;
      connection.commit();
      if (former) {
        requireSpace(file, Files.size(file), file.toFile().getUsableSpace());
        addChecksums(connection);
      }
    } catch (IOException e) {
      throw new StorageException("cannot read the size of " + file + ": " + e, false, e);
    }
  }

  /**
   * The rows get their checksums in one transaction, which writes all of the file to the log first.
   *
   * @param usable what is free on the file's disk; 0 or less when that is not known
   */
  static void requireSpace(Path file, long bytes, long usable) throws StorageException {
    long needed = bytes + bytes / 8 + SPARE_BYTES;
    if (usable > 0 && usable < needed) {
      throw new StorageException(
          "the file %s has format 1; to bring it to format %d takes %,d bytes of free disk space"
                  .formatted(file, SCHEMA_VERSION, needed)
              + " once, more than its size, and %,d are free: make room and start again. The file is"
                  .formatted(usable)
              + " unchanged",
          true,
          new IllegalStateException("too little space"));
    }
  }

  /** Names a damaged file, and what to do about it. */
  static StorageException damaged(Path file, String what) {
    return new StorageException(
        "the file " + file + ": " + what + REMEDY.formatted(file),
        false,
        new IllegalStateException("damaged"));
  }

  /** Format 1 had none: its rows get them once. */
  private static void addChecksums(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE revisions ADD COLUMN checksum INTEGER");
      statement.execute("ALTER TABLE history ADD COLUMN checksum INTEGER");
      try (ResultSet row = statement.executeQuery("SELECT floor FROM history WHERE id = 1")) {
        setFloor(connection, row.next() ? row.getLong(1) : 0);
      }
      try (PreparedStatement update =
              connection.prepareStatement("UPDATE revisions SET checksum = ? WHERE revision = ?");
          ResultSet rows = statement.executeQuery("SELECT * FROM revisions")) {
        while (rows.next()) {
          Journal.Entry entry = entry(rows);
          update.setLong(1, entry.checksum());
          update.setLong(2, entry.revision());
          update.executeUpdate();
        }
      }
      statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
      connection.commit();
    }
  }

  private static void createTables(Statement statement) throws SQLException {
    statement.execute("BEGIN");
    statement.execute(
        "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL,"
            + " resource TEXT NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL,"
            + " json BLOB NOT NULL, checksum INTEGER)");
    statement.execute(
        "CREATE TABLE history (id INTEGER PRIMARY KEY CHECK (id = 1), floor INTEGER NOT NULL,"
            + " checksum INTEGER)");
    statement.execute("INSERT INTO history VALUES (1, 0, NULL)");
    setFloor(statement.getConnection(), 0);
    statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
    statement.execute("COMMIT");
  }

  static void setFloor(Connection connection, long floor) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE history SET floor = ?, checksum = ? WHERE id = 1")) {
      update.setLong(1, floor);
      update.setLong(2, AcknowledgedRevision.checksum(floor));
      update.executeUpdate();
    }
  }

  static Journal.Entry entry(ResultSet row) throws SQLException {
    byte[] json = row.getBytes(6);
    return new Journal.Entry(
        row.getLong(1),
        row.getLong(2),
        String.valueOf(row.getString(3)),
        String.valueOf(row.getString(4)),
        row.getInt(5) != 0,
        json == null ? new byte[0] : json);
  }

  /** Fails when a row is not what was stored. */
  static void requireWhole(Path file, Journal.Entry entry, ResultSet row)
      throws SQLException, StorageException {
    long checksum = row.getLong(7);
    if (row.wasNull() || checksum != entry.checksum()) {
      throw damaged(
          file,
          "table revisions, row "
              + entry.revision()
              + " (object "
              + printable(entry.resource() + entry.key())
              + ") is damaged: its checksum does not fit");
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /** Where history begins. */
  static long floor(Path file, Statement statement) throws SQLException, StorageException {
    try (ResultSet row =
        statement.executeQuery("SELECT floor, checksum FROM history WHERE id = 1")) {
      if (!row.next() || row.getLong(2) != AcknowledgedRevision.checksum(row.getLong(1))) {
        throw damaged(file, "table history, row 1 (where history begins) is damaged");
      }
      return row.getLong(1);
    }
  }

  static int number(Statement statement, String pragma) throws SQLException {
    try (ResultSet rows = statement.executeQuery(pragma)) {
      return rows.getInt(1);
    }
  }
}
