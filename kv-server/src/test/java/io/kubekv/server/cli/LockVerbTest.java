package io.kubekv.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.server.cli.ServerUnderTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockVerbTest {
  private static final Key KEY = Key.of("leader");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ServerUnderTest server = new ServerUnderTest();
  @TempDir Path folder;

  @AfterEach
  void close() {
    server.close();
    threads.close();
  }

  /** A shell script under the lock; {@code $0} is the test's folder. */
  private Ran locked(String script, String... options) {
    return server.run(
        Stream.of(
                Stream.of("lock"),
                Stream.of(options),
                Stream.of("leader", "--", "sh", "-c", script, folder.toString()))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  private CompletableFuture<Ran> lockedMeanwhile(String script, String... options) {
    return CompletableFuture.supplyAsync(() -> locked(script, options), threads);
  }

  private static Ran end(CompletableFuture<Ran> running) throws Exception {
    return running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void awaitFile(String name) {
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
  }

  private Entry entry() {
    return server.store().get(KEY, Freshness.LINEARIZABLE).entry().orElseThrow();
  }

  private SessionId holder() {
    return entry().lock().holder().orElseThrow();
  }

  private SessionId heldBySomebody() {
    SessionId id = server.store().sessions().create(SessionSpec.random()).id();
    PutOutcome held =
        server
            .store()
            .put(PutRequest.of(KEY, Bytes.utf8("theirs")).withLocking(new Locking.Acquire(id)));
    assertThat(held).isInstanceOf(PutOutcome.Stored.class);
    return id;
  }

  private List<Revision> acquisitions() throws InterruptedException {
    List<Revision> found = new ArrayList<>();
    try (Watch watch = server.store().watch(WatchRequest.fromOldest(new Range.Exact(KEY)))) {
      for (Optional<WatchEvent> event = watch.next(Duration.ZERO);
          event.isPresent();
          event = watch.next(Duration.ZERO)) {
        if (event.get() instanceof WatchEvent.Put put && put.cause() == Cause.ACQUIRE) {
          found.add(put.revision());
        }
      }
    }
    return found;
  }

  @Test
  void lock_command_seesKeyAndToken() throws Exception {
    Ran ran = locked("echo $KUBEKV_LOCK_KEY $KUBEKV_LOCK_TOKEN > $0/out");

    assertThat(ran.exitCode()).isZero();
    assertThat(folder.resolve("out"))
        .content()
        .isEqualTo("leader " + acquisitions().getFirst() + "\n");
    assertThat(entry().lock().holder()).isEmpty();
    assertThat(server.run("session", "list", "-o", "value").out()).isEmpty();
  }

  @Test
  void lock_exitCode_isTheCommands() {
    assertThat(locked("exit 7").exitCode()).isEqualTo(7);
    assertThat(locked("kill -9 $$").exitCode()).isEqualTo(137);
  }

  @Test
  void lock_value_staysOrIsTheOneGiven() {
    var unused = server.store().put(PutRequest.of(KEY, Bytes.utf8("kept")).withFlags(5));

    assertThat(locked("exit 0").exitCode()).isZero();
    assertThat(entry().value()).isEqualTo(Bytes.utf8("kept"));
    assertThat(entry().flags()).isEqualTo(5);

    assertThat(locked("exit 0", "--value", "mine").exitCode()).isZero();
    assertThat(entry().value()).isEqualTo(Bytes.utf8("mine"));
  }

  @Test
  void lock_contenders_neverRunAtOnce() throws Exception {
    String script = "echo in >> $0/log; sleep 0.05; echo out >> $0/log";
    List<CompletableFuture<Ran>> running =
        Stream.generate(() -> lockedMeanwhile(script)).limit(4).toList();

    for (CompletableFuture<Ran> each : running) {
      assertThat(end(each).exitCode()).isZero();
    }
    assertThat(folder.resolve("log")).content().isEqualTo("in\nout\n".repeat(4));
    assertThat(acquisitions()).hasSize(4).isSorted();
  }

  @Test
  void lock_waiting_getsItWhenItIsReleased() throws Exception {
    SessionId other = heldBySomebody();
    CompletableFuture<Ran> waiting = lockedMeanwhile("touch $0/ran");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> server.run("session", "list", "-o", "value").lines().size() == 2);
    assertThat(folder.resolve("ran")).doesNotExist();

    assertThat(server.store().sessions().destroy(other)).isTrue();

    assertThat(end(waiting).exitCode()).isZero();
    assertThat(folder.resolve("ran")).exists();
  }

  @Test
  void lock_heldWithoutWaiting_is1AndRunsNothing() {
    heldBySomebody();

    Ran ran = locked("touch $0/ran", "--wait", "0s");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("leader: not locked: another session holds it");
    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(server.run("session", "list", "-o", "value").lines()).hasSize(1);
  }

  @Test
  void lock_sessionEnds_endsTheCommandWith125() throws Exception {
    CompletableFuture<Ran> running = lockedMeanwhile("touch $0/started; exec sleep 60");
    awaitFile("started");

    assertThat(server.store().sessions().destroy(holder())).isTrue();

    assertThat(end(running).exitCode()).isEqualTo(125);
    assertThat(end(running).err()).contains("the lock was lost: ");
  }

  @Test
  void lock_keyDeleted_killsACommandThatIgnoresTheSignal() throws Exception {
    CompletableFuture<Ran> running =
        lockedMeanwhile(
            "trap '' TERM; touch $0/started; while :; do sleep 0.1; done", "--grace", "100ms");
    awaitFile("started");

    DeleteOutcome deleted = server.store().delete(DeleteRequest.of(KEY));

    assertThat(deleted).isInstanceOf(DeleteOutcome.Deleted.class);
    assertThat(end(running).exitCode()).isEqualTo(125);
    assertThat(end(running).err()).contains("the key was deleted").contains("is killed");
  }

  @Test
  void lock_onLostWarn_letsTheCommandEnd() throws Exception {
    CompletableFuture<Ran> running =
        lockedMeanwhile(
            "touch $0/started; while [ ! -e $0/go ]; do sleep 0.05; done; exit 3",
            "--on-lost",
            "warn");
    awaitFile("started");

    assertThat(server.store().sessions().destroy(holder())).isTrue();
    Files.createFile(folder.resolve("go"));

    assertThat(end(running).exitCode()).isEqualTo(3);
  }

  @Test
  void lock_keepsItsSession_longerThanItsTimeToLive() {
    Ran ran = locked("sleep 1.5", "--ttl", "300ms");

    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void lock_noSuchCommand_takesNoLock() throws IOException {
    Path notExecutable = Files.createFile(folder.resolve("file"));

    assertThat(server.run("lock", "leader", "--", "no-such-command").exitCode()).isEqualTo(127);
    assertThat(server.run("lock", "leader", "--", notExecutable.toString()).exitCode())
        .isEqualTo(126);
    assertThat(server.run("list", "-o", "value").out()).isEmpty();
  }

  @Test
  void lock_withoutACommand_is2() {
    assertThat(server.run("lock", "leader").exitCode()).isEqualTo(2);
  }
}
