package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** A data folder on a small disk of which a part is the reserve, and one that is taken away. */
class FullDiskTest {
  private static final int PAGES = 400;
  private static final int RESERVED = 200;
  private static final String LARGE = "x".repeat(20_000);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(GroupCommit.class);

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init") // before each
  private ObjectStore store;

  @BeforeEach
  void open() throws StorageException {
    SqliteJournal journal = SqliteJournal.open(directory.resolve("kubekv.db"));
    journal.limitPages(PAGES, RESERVED);
    store =
        ObjectStore.open(
            journal, new History(Duration.ofMinutes(5), 1L << 30), new Clocks(now::get));
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void close() {
    logger.detachAppender(lines);
    logger.setLevel(null);
    store.close();
  }

  private CompletableFuture<Optional<ApiException>> write(String name, Edit edit) {
    CompletableFuture<Optional<ApiException>> answer = new CompletableFuture<>();
    store.submit(
        store.table("g/things"),
        ObjectTable.key("", name),
        edit,
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            answer.complete(Optional.empty());
          }

          @Override
          public void refused(ApiException why) {
            answer.complete(Optional.of(why));
          }
        });
    return answer;
  }

  private Optional<ApiException> put(String name, String value) {
    ObjectNode object = ObjectJson.MAPPER.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "Thing");
    object.putObject("metadata").put("name", name);
    object.put("value", value);
    byte[] json = ObjectJson.template(object);
    return write(name, current -> new Edit.Decision.Put(json)).join();
  }

  private Optional<ApiException> remove(String name) {
    return write(name, current -> new Edit.Decision.Remove()).join();
  }

  private boolean isThere(String name) {
    return store.read(store.table("g/things"), ObjectTable.key("", name)) != null;
  }

  /** Fills the disk; how many large objects it took. */
  private int fill() {
    int stored = 0;
    while (put("k" + stored, LARGE).isEmpty()) {
      stored++;
      assertThat(stored).as("objects on a disk of %d pages", PAGES).isLessThan(PAGES);
    }
    return stored;
  }

  private long errors() {
    return lines.list.stream().filter(line -> line.getLevel() == Level.ERROR).count();
  }

  @Test
  void diskThatIsFull_isSaidByName_andOnce() {
    assertThat(put("lease", "mine").isEmpty()).isTrue();
    int stored = fill();

    for (int i = 0; i < 200; i++) {
      ApiException refusal = put("more" + i, LARGE).orElseThrow();
      assertThat(refusal.code()).isEqualTo(507);
      assertThat(refusal).hasMessageContaining("the disk is full");
    }

    assertThat(store.problem()).contains("the disk is full");
    assertThat(errors()).as("lines for a change of state").isEqualTo(1);
    assertThat(isThere("k" + (stored - 1))).as("reads go on").isTrue();
    assertThat(isThere("more1")).isFalse();
  }

  @Test
  void diskThatIsFull_takesRenewalsAndDeletes_andThenHasRoomAgain() {
    assertThat(put("lease", "mine").isEmpty()).isTrue();
    int stored = fill();
    for (int i = 0; i < 100; i++) {
      assertThat(put("lease", "mine" + i)).as("renewal %d", i).isEmpty();
    }

    for (int i = 0; i < stored; i++) {
      assertThat(remove("k" + i)).as("delete %d", i).isEmpty();
    }
    now.set(now.get().plusSeconds(11));
    assertThat(put("lease", "later")).isEmpty();
    now.set(now.get().plusSeconds(11));

    Awaitility.await().until(() -> store.problem().isEmpty());
    assertThat(put("again", LARGE)).isEmpty();
    assertThat(lines.list)
        .extracting(ILoggingEvent::getMessage)
        .anyMatch(m -> m.contains("space again"));
  }

  /** The database file has to take it when the disk is full, and the reserve has to be enough. */
  @Test
  void logBesideTheFile_neverHoldsMoreThanHalfOfTheReserve() throws Exception {
    long reserve = RESERVED * 4096L;
    Path log = directory.resolve("kubekv.db-wal");
    long written = 0;
    while (written < reserve * 3 / 4) {
      assertThat(put("k", LARGE + written)).isEmpty();
      written += LARGE.length();

      assertThat(Files.size(log)).as("after %d bytes", written).isLessThan(reserve / 2);
    }
  }

  @Test
  void folderThatWasRemoved_isNoticedBeforeAChangeIsAcknowledged() throws Exception {
    assertThat(put("before", "1")).isEmpty();
    Files.delete(directory.resolve("kubekv.db"));

    ApiException refusal = put("after", "1").orElseThrow();

    assertThat(refusal.code()).isEqualTo(500);
    assertThat(refusal).hasMessageContaining("was removed or replaced");
    assertThat(store.problem()).contains("was removed or replaced");
    for (int i = 0; i < 20; i++) {
      assertThat(put("after" + i, "1")).isPresent();
    }
    assertThat(isThere("after")).isFalse();
  }

  @Test
  void logThatWasRemoved_endsWritesUntilARestart_andReadsGoOn() throws Exception {
    assertThat(put("before", "1")).isEmpty();
    Path log = directory.resolve("kubekv.db-wal");
    Files.delete(log);

    for (int i = 0; i < 20; i++) {
      assertThat(put("after" + i, "1").orElseThrow())
          .as("change %d", i)
          .hasMessageContaining(log + " was removed or replaced");
    }

    assertThat(store.problem()).contains(log + " was removed or replaced");
    assertThat(isThere("before")).isTrue();
    assertThat(isThere("after0")).isFalse();
    assertThat(errors()).as("lines for a change of state").isEqualTo(1);
    store.close();
    open();
    assertThat(isThere("before")).as("after an orderly stop").isTrue();
    assertThat(isThere("after1")).as("a change that was refused").isFalse();
  }

  @Test
  void folderThatIsBackInItsPlace_isNotWrittenBeforeARestart() throws Exception {
    assertThat(put("before", "1")).isEmpty();
    Path away = directory.resolve("away");
    Path database = directory.resolve("kubekv.db");
    Files.move(database, away);
    assertThat(put("while", "1")).isPresent();
    Files.move(away, database);

    ApiException refusal = put("after", "1").orElseThrow();

    assertThat(refusal).hasMessageContaining("start the server again");
    store.close();
    open();
    assertThat(isThere("before")).isTrue();
    assertThat(isThere("while")).as("a change that was refused").isFalse();
    assertThat(put("after", "1")).isEmpty();
  }

  @Test
  void logThatWasReplaced_isNeverMixedWithAnother() throws Exception {
    assertThat(put("before", "1")).isEmpty();
    Path log = directory.resolve("kubekv.db-wal");
    byte[] older = Files.readAllBytes(log);
    Files.delete(log);
    Files.write(log, older);

    assertThat(put("after", "1").orElseThrow()).hasMessageContaining("was removed or replaced");

    assertThat(put("more", "1")).isPresent();
  }
}
