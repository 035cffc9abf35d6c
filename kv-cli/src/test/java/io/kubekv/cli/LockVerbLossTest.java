package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.cli.ServerUnderTest.Ran;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of the command when the lock is lost or cannot be had. */
class LockVerbLossTest extends LockVerb {
  @Test
  void lock_sessionEnds_endsTheCommandWith125() throws Exception {
    CompletableFuture<Ran> running = lockedMeanwhile("touch $0/started; exec sleep 60");
    awaitFile("started");

    assertThat(Await.change(server.store().sessions().destroy(holder()))).isTrue();

    assertThat(end(running).exitCode()).isEqualTo(125);
    assertThat(end(running).err()).contains("the lock was lost: ");
  }

  @Test
  void lock_keyDeleted_killsACommandThatIgnoresTheSignal() throws Exception {
    CompletableFuture<Ran> running =
        lockedMeanwhile(
            "trap '' TERM; touch $0/started; while :; do sleep 0.1; done", "--grace", "100ms");
    awaitFile("started");

    DeleteOutcome deleted = Await.change(server.store().delete(DeleteRequest.of(KEY)));

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

    assertThat(Await.change(server.store().sessions().destroy(holder()))).isTrue();
    Files.createFile(folder.resolve("go"));

    assertThat(end(running).exitCode()).isEqualTo(3);
  }

  @Test
  void lock_serverStops_endsTheCommandWith125() throws Exception {
    CompletableFuture<Ran> running = lockedMeanwhile("touch $0/started; exec sleep 60");
    awaitFile("started");

    server.stop();

    assertThat(end(running).exitCode()).isEqualTo(125);
    assertThat(end(running).err()).contains("the lock was lost: the stream broke");
  }

  @Test
  void lock_serverAway_is3AndRunsNothing() {
    server.stop();

    Ran ran = locked("touch $0/ran");

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void lock_keepsItsSession_longerThanItsTimeToLive() {
    Ran ran = locked("sleep 1.5", "--ttl", "300ms");

    assertThat(ran.exitCode()).isZero();
  }
}
