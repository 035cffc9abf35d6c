package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.cli.ServerUnderTest.Ran;
import io.kubekv.cli.terminal.Json;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WatchVerbTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ServerUnderTest server = new ServerUnderTest();

  @AfterEach
  void close() {
    server.close();
  }

  private Revision put(String key, String value) {
    PutOutcome outcome =
        Await.change(server.store().put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
    return ((PutOutcome.Stored) outcome).entry().modifyRevision();
  }

  @Test
  void watch_fromARevision_printsEachChangeOnce() {
    Revision first = put("a/x", "1");
    put("b", "other");
    put("a/x", "2");
    assertThat(server.run("delete", "a/x").exitCode()).isZero();

    Ran ran = server.run("watch", "a", "--tree", "--from", first.toString(), "--count", "3");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo(first + " put SET a/x 1"),
            line -> assertThat(line).endsWith(" put SET a/x 2"),
            line -> assertThat(line).endsWith(" delete DELETE a/x"));
  }

  @Test
  void watch_json_hasTheEntryBefore() {
    put("a", "1");
    put("a", "2");

    Ran ran = server.run("watch", "a", "--oldest", "--count", "2", "-o", "json");

    JsonNode event = Json.MAPPER.readTree(ran.lines().get(1));
    assertThat(event.get("event").asString()).isEqualTo("put");
    assertThat(event.get("entry").get("value").asString()).isEqualTo("2");
    assertThat(event.get("previous").get("value").asString()).isEqualTo("1");
  }

  @Test
  void watch_fromNow_printsWhileItRuns() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CompletableFuture<Ran> watching =
        CompletableFuture.supplyAsync(
            () ->
                server.runInto(
                    out, new byte[0], "watch", "", "--prefix", "--progress", "--count", "1"));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> out.toString(StandardCharsets.UTF_8).contains("progress"));

    put("a", "1");

    Ran ran = watching.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(ran.lines()).last().asString().endsWith(" put SET a 1");
  }

  @Test
  void watch_fromWhatIsForgotten_is5AndSaysWhereToGoOn() {
    server.close();
    server =
        new ServerUnderTest(EngineStore.inMemory(EngineSettings.DEFAULT.withHistoryBytes(2_000)));
    Revision first = put("a", "x");
    for (int i = 0; i < 100; i++) {
      put("a", "x".repeat(100));
    }

    Ran ran = server.run("watch", "a", "--from", first.toString(), "-o", "json");

    assertThat(ran.exitCode()).isEqualTo(5);
    assertThat(ran.json().get("event").asString()).isEqualTo("historyGone");
    assertThat(ran.err()).contains("watch --from " + ran.json().get("revision"));
  }

  @Test
  void watch_wrongUsage_is2() {
    assertThat(server.run("watch", "a", "--from", "1", "--oldest").exitCode()).isEqualTo(2);
    assertThat(server.run("watch", "a", "--prefix", "--tree").exitCode()).isEqualTo(2);
  }
}
