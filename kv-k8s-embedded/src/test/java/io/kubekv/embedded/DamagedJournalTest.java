package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a journal whose files are damaged: it is refused with the file's name, or has
 * everything, but never less and never anything else.
 */
class DamagedJournalTest {
  private static final int DAMAGES = 50;
  private static final int ROWS = 150;
  private static final long SEED = 20_261_130L;
  private static final List<String> FILES = List.of("kubekv.db", "kubekv.db-wal");

  @TempDir Path directory;

  private final List<Journal.Entry> stored = new ArrayList<>();

  /** The files as a killed process has left them: some of it in the file, some in the log. */
  private final Map<String, byte[]> killed = new TreeMap<>();

  /** The files as they are after an orderly stop. */
  private final Map<String, byte[]> stopped = new TreeMap<>();

  @BeforeEach
  void store() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("whole"));
    Random random = new Random(SEED);
    SqliteJournal first = SqliteJournal.open(folder.resolve("kubekv.db"));
    append(first, 1, random);
    first.close();
    SqliteJournal second = SqliteJournal.open(folder.resolve("kubekv.db"));
    append(second, ROWS + 1, random);
    second.compact(7, List.of(3L, 5L));
    stored.removeIf(entry -> entry.revision() == 3 || entry.revision() == 5);
    read(folder, killed);
    second.close();
    read(folder, stopped);
  }

  private void append(SqliteJournal journal, int from, Random random) throws StorageException {
    for (int i = from; i < from + ROWS; i++) {
      byte[] json = new byte[random.nextInt(10) == 0 ? 9000 : 50 + random.nextInt(800)];
      random.nextBytes(json);
      Journal.Entry entry =
          new Journal.Entry(i, 1000L + i, "g/things", "/k" + i, i % 17 == 0, json);
      journal.append(List.of(entry));
      stored.add(entry);
    }
  }

  private static void read(Path folder, Map<String, byte[]> files) throws Exception {
    for (String name : List.of("kubekv.db", "kubekv.db-wal", "kubekv.db-revision")) {
      if (Files.exists(folder.resolve(name))) {
        files.put(name, Files.readAllBytes(folder.resolve(name)));
      }
    }
  }

  private Path folder(Map<String, byte[]> files) throws Exception {
    Path folder = Files.createTempDirectory(directory, "d");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  private static List<Journal.Entry> replay(Path folder) throws StorageException {
    List<Journal.Entry> entries = new ArrayList<>();
    SqliteJournal journal = SqliteJournal.open(folder.resolve("kubekv.db"));
    try {
      long floor = journal.replay(entries::add);
      assertThat(floor).isEqualTo(7);
    } finally {
      journal.close();
    }
    return entries;
  }

  private void assertComplete(List<Journal.Entry> entries, String as) {
    assertThat(entries).as(as).hasSameSizeAs(stored);
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i)).as(as).usingRecursiveComparison().isEqualTo(stored.get(i));
    }
  }

  /** Whether the damage was noticed. */
  private boolean isNoticed(Map<String, byte[]> files, Random random, String as) throws Exception {
    Map<String, byte[]> damaged = new TreeMap<>(files);
    List<String> there = FILES.stream().filter(name -> length(files, name) > 0).toList();
    String name = there.get(random.nextInt(there.size()));
    byte[] bytes = Objects.requireNonNull(files.get(name)).clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        byte[] noise = new byte[Math.min(1 + random.nextInt(64), bytes.length - at)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, noise.length);
      }
      case 2 -> Arrays.fill(bytes, at, Math.min(at + 4096, bytes.length), (byte) 0);
      default -> bytes = Arrays.copyOf(bytes, at);
    }
    damaged.put(name, bytes);
    Path folder = folder(damaged);
    try {
      assertComplete(replay(folder), as + ": " + name + " at " + at);
      return false;
    } catch (StorageException noticed) {
      assertThat(noticed).as(as).hasMessageContaining(folder + "/kubekv.db");
      return true;
    }
  }

  private static int length(Map<String, byte[]> files, String name) {
    byte[] bytes = files.get(name);
    return bytes == null ? 0 : bytes.length;
  }

  @Test
  void journalThatIsWhole_hasEverything() throws Exception {
    assertThat(length(killed, "kubekv.db-wal")).isPositive();
    assertComplete(replay(folder(killed)), "killed");
    assertComplete(replay(folder(stopped)), "stopped");
  }

  @Test
  void everyDamage_isNamed_orDoesNoHarm() throws Exception {
    Random random = new Random(SEED);
    int noticed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      noticed += isNoticed(killed, random, "killed, damage " + i) ? 1 : 0;
      noticed += isNoticed(stopped, random, "stopped, damage " + i) ? 1 : 0;
    }

    assertThat(noticed).as("of %d", 2 * DAMAGES).isGreaterThan(DAMAGES);
  }

  @Test
  void logThatIsGone_isNamed() throws Exception {
    Map<String, byte[]> files = new TreeMap<>(killed);
    files.remove("kubekv.db-wal");

    assertThatThrownBy(() -> replay(folder(files)))
        .isInstanceOf(StorageException.class)
        .hasMessageContainingAll("kubekv.db-wal", "which were acknowledged", "from a backup");
  }

  @Test
  void valueThatWasChanged_isNamedWithTableAndRow() throws Exception {
    Path folder = folder(stopped);
    change(folder, "UPDATE revisions SET json = x'00' WHERE revision = 9");

    assertThatThrownBy(() -> replay(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContainingAll("kubekv.db", "table revisions, row 9", "g/things/k9", "recover");
  }

  @Test
  void floorThatWasChanged_isNamed() throws Exception {
    Path folder = folder(stopped);
    change(folder, "UPDATE history SET floor = 1");

    assertThatThrownBy(() -> replay(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("table history, row 1");
  }

  @Test
  void journalOfTheFormerFormat_getsItsChecksums() throws Exception {
    Path folder = folder(stopped);
    change(
        folder,
        "ALTER TABLE revisions DROP COLUMN checksum",
        "ALTER TABLE history DROP COLUMN checksum",
        "PRAGMA user_version = 1");

    assertComplete(replay(folder), "migrated");
    change(folder, "UPDATE revisions SET committed_at = 0 WHERE revision = 9");

    assertThatThrownBy(() -> replay(folder)).hasMessageContaining("row 9");
  }

  private static void change(Path folder, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("kubekv.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void formerFormat_needsAsMuchSpaceAsTheFileHas_orIsRefusedByName() throws Exception {
    Path file = directory.resolve("kubekv.db");

    assertThatThrownBy(() -> JournalTables.requireSpace(file, 100L << 20, 100L << 20))
        .isInstanceOf(StorageException.class)
        .hasMessageContainingAll(
            file.toString(), "format 1", "119,013,376 bytes", "104,857,600 are free", "make room");
    JournalTables.requireSpace(file, 100L << 20, 120L << 20);
    JournalTables.requireSpace(file, 100L << 20, 0);
  }
}
