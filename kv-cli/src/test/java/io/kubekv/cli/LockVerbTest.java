package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.SessionId;
import io.kubekv.cli.ServerUnderTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who gets the lock, and what its command sees. */
class LockVerbTest extends LockVerb {
  @Test
  void lock_command_seesKeyAndToken() throws Exception {
    Ran ran = locked("echo $KUBEKV_LOCK_KEY $KUBEKV_LOCK_TOKEN > $0/out");

    assertThat(ran.exitCode()).isZero();
    assertThat(folder.resolve("out"))
        .content()
        .isEqualTo("leader " + acquisitions().getFirst() + "\n");
    assertThat(entry().lock().holder()).isEmpty();
    awaitSessions(0);
  }

  @Test
  void lock_exitCode_isTheCommands() {
    assertThat(locked("exit 7").exitCode()).isEqualTo(7);
    assertThat(locked("kill -9 $$").exitCode()).isEqualTo(137);
  }

  @Test
  void lock_value_staysOrIsTheOneGiven() {
    var unused =
        Await.change(server.store().put(PutRequest.of(KEY, Bytes.utf8("kept")).withFlags(5)));

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
    awaitSessions(2);
    assertThat(folder.resolve("ran")).doesNotExist();

    assertThat(Await.change(server.store().sessions().destroy(other))).isTrue();

    assertThat(end(waiting).exitCode()).isZero();
    assertThat(folder.resolve("ran")).exists();
  }

  @Test
  void lock_waiting_getItInTheOrderOfTheirComing() throws Exception {
    SessionId other = heldBySomebody();
    List<CompletableFuture<Ran>> waiting = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      waiting.add(lockedMeanwhile("echo " + i + " >> $0/log"));
      awaitStreams(i);
    }

    assertThat(Await.change(server.store().sessions().destroy(other))).isTrue();

    for (CompletableFuture<Ran> each : waiting) {
      assertThat(end(each).exitCode()).isZero();
    }
    assertThat(folder.resolve("log")).content().isEqualTo("1\n2\n3\n4\n");
  }

  @Test
  void lock_heldUntilTheWaitIsOver_is1() {
    heldBySomebody();

    Ran ran = locked("touch $0/ran", "--wait", "100ms");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void lock_heldWithoutWaiting_is1AndRunsNothing() {
    heldBySomebody();

    Ran ran = locked("touch $0/ran", "--wait", "0s");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("leader: not locked: another session holds it");
    assertThat(folder.resolve("ran")).doesNotExist();
    awaitSessions(1);
  }

  @Test
  void lock_ofADirectory_is1AndLeavesIt() {
    PutRequest directory = PutRequest.directory(KEY);
    assertThat(Await.change(server.store().put(directory))).isInstanceOf(PutOutcome.Stored.class);

    Ran ran = locked("touch $0/ran");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("leader: not locked: ").contains("IS_DIRECTORY");
    assertThat(entry().isDirectory()).isTrue();
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
