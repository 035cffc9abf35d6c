package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a crash at any byte leaves behind: the write-ahead log as it was right after each commit,
 * cut off or spoilt behind the last acknowledged one.
 */
class TornLogTest {
  private static final int COMMITS = 12;
  private static final long SEED = 20_260_101L;

  @TempDir Path directory;

  /** A log that was copied while its writer still ran, and how long it was after each commit. */
  private record Crash(byte[] database, byte[] log, List<Integer> lengths) {}

  private Crash crash() throws Exception {
    Path file = directory.resolve("running.db");
    SqliteJournal journal = SqliteJournal.open(file);
    try {
      List<Integer> lengths = new ArrayList<>();
      Path log = file.resolveSibling("running.db-wal");
      for (int i = 1; i <= COMMITS; i++) {
        byte[] json = new byte[300 * i];
        Arrays.fill(json, (byte) ('a' + i));
        journal.append(List.of(new Journal.Entry(i, i, "g/things", "/k" + i, false, json)));
        lengths.add((int) Files.size(log));
      }
      return new Crash(Files.readAllBytes(file), Files.readAllBytes(log), lengths);
    } finally {
      journal.close();
    }
  }

  private int recovered(Crash crash, byte[] log) throws Exception {
    Path file = directory.resolve("torn.db");
    for (String suffix : List.of("", "-wal", "-shm", "-revision")) {
      Files.deleteIfExists(file.resolveSibling("torn.db" + suffix));
    }
    Files.write(file, crash.database());
    Files.write(file.resolveSibling("torn.db-wal"), log);
    List<Journal.Entry> entries = new ArrayList<>();
    SqliteJournal journal = SqliteJournal.open(file);
    try {
      journal.replay(entries::add);
    } finally {
      journal.close();
    }
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).revision()).isEqualTo(i + 1L);
      assertThat(entries.get(i).json()).hasSize(300 * (i + 1)).containsOnly((byte) ('a' + i + 1));
    }
    return entries.size();
  }

  private static int commitsWithin(Crash crash, int length) {
    return (int) crash.lengths().stream().filter(l -> l <= length).count();
  }

  @Test
  void open_logCutAnywhere_keepsEveryCommitBeforeTheCutAndNothingElse() throws Exception {
    Crash crash = crash();
    Random random = new Random(SEED);
    for (int round = 0; round < 150; round++) {
      int from = crash.lengths().get(0);
      int cut = from + random.nextInt(crash.log().length - from + 1);

      assertThat(recovered(crash, Arrays.copyOf(crash.log(), cut)))
          .as("cut at %d", cut)
          .isEqualTo(commitsWithin(crash, cut));
    }
  }

  @Test
  void open_logSpoiltBehindACommit_keepsThatCommitAndNothingAfterIt() throws Exception {
    Crash crash = crash();
    Random random = new Random(SEED);
    for (int round = 0; round < 60; round++) {
      int keep = random.nextInt(COMMITS - 1);
      int start = crash.lengths().get(keep);
      byte[] log = crash.log().clone();
      byte[] noise = new byte[log.length - start];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, log, start, noise.length);

      assertThat(recovered(crash, log)).isEqualTo(keep + 1);
    }
  }

  @Test
  void open_newerFormat_isRefusedByName() throws Exception {
    Path file = directory.resolve("newer.db");
    SqliteJournal.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThat(refusal(file)).contains("newer.db").contains("format 99");
  }

  @Test
  void open_foreignDatabase_isRefused() throws Exception {
    Path file = directory.resolve("foreign.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 1");
      statement.execute("CREATE TABLE t (x)");
    }

    assertThat(refusal(file)).contains("foreign.db");
  }

  @Test
  void open_noDatabaseAtAll_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("text.db"), "no database\n".repeat(1000));

    assertThat(refusal(file)).contains("text.db");
  }

  private static String refusal(Path file) {
    try {
      SqliteJournal.open(file).close();
      return "";
    } catch (StorageException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
