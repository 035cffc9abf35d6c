package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.CodedOutputStream;
import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.cli.ServerUnderTest.Ran;
import io.kubekv.cli.terminal.Json;
import io.kubekv.etcd.EtcdV2Process;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Imports from the files of an etcd with the v2 API. */
class EtcdV2DataImportTest {
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final ServerUnderTest to = new ServerUnderTest();

  @TempDir Path data;

  @AfterEach
  void close() {
    to.close();
  }

  private List<Entry> imported() {
    return Await.read(to.store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE))
        .entries();
  }

  private static ObjectNode node(String path, String ends) {
    return Json.object().put("Path", path).put("ExpireTime", ends).put("Value", "");
  }

  private static ObjectNode value(String path, String value) {
    return node(path, NEVER).put("Value", value).putNull("Children");
  }

  /** A v2 store with these nodes of clients, each below the root. */
  private static byte[] store(ObjectNode... nodes) {
    ObjectNode keys = node("/1", NEVER);
    ObjectNode children = keys.putObject("Children");
    for (ObjectNode node : nodes) {
      children.set(node.get("Path").asString().substring(3), node);
    }
    ObjectNode store = Json.object().put("CurrentIndex", 42);
    ObjectNode root = store.putObject("Root").put("Path", "/");
    ObjectNode parts = root.putObject("Children");
    ObjectNode own = node("/0", NEVER);
    own.putObject("Children").set("version", value("/0/version", "3.5.0"));
    parts.set("0", own);
    parts.set("1", keys);
    return Json.line(store).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] raft(byte[] store, long index) throws IOException {
    ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    CodedOutputStream inner = CodedOutputStream.newInstance(metadata);
    inner.writeByteArray(1, new byte[] {8, 1});
    inner.writeUInt64(2, index);
    inner.writeUInt64(3, 7);
    inner.flush();
    ByteArrayOutputStream raft = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(raft);
    out.writeByteArray(1, store);
    out.writeByteArray(2, metadata.toByteArray());
    out.flush();
    return raft.toByteArray();
  }

  private static byte[] snapshot(byte[] store, long index) throws IOException {
    byte[] raft = raft(store, index);
    CRC32C sum = new CRC32C();
    sum.update(raft);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(file);
    out.writeUInt32(1, (int) sum.getValue());
    out.writeByteArray(2, raft);
    out.flush();
    return file.toByteArray();
  }

  private Path write(String name, byte[] content) throws IOException {
    Path folder = Files.createDirectories(data.resolve("member").resolve("snap"));
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void realEtcd_whatItsSnapshotHoldsIsMoved() throws Exception {
    try (EtcdV2Process etcd = EtcdV2Process.start(data, 10)) {
      etcd.put("docker/nodes/a b", "größe");
      etcd.put("docker/empty", "", "dir=true");
      etcd.put("mortal", "1", "ttl=3600");
      etcd.put("_hidden", "h");
    }
    try (EtcdV2Process again = EtcdV2Process.start(data, 1)) {
      again.awaitSnapshot();
    }

    Ran ran = to.run("import", data.toString());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("This is the snapshot at raft index ").contains("log");
    assertThat(imported())
        .extracting(
            entry -> entry.key().text(), Entry::isDirectory, entry -> entry.value().toText())
        .containsExactly(
            tuple("_hidden", false, "h"),
            tuple("docker", true, ""),
            tuple("docker/empty", true, ""),
            tuple("docker/nodes", true, ""),
            tuple("docker/nodes/a b", false, "größe"),
            tuple("mortal", false, "1"));
    assertThat(imported().getLast().expiry().orElseThrow().timeToLive())
        .isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
  }

  @Test
  void newestWholeSnapshot_isTakenAndBrokenOnesAreNamed() throws IOException {
    byte[] newest = snapshot(store(value("/1/a", "newest")), 30);
    write("0000000000000001-000000000000000a.snap", snapshot(store(value("/1/a", "old")), 10));
    write("0000000000000001-0000000000000014.snap", snapshot(store(value("/1/a", "new")), 20));
    Path truncated =
        write("0000000000000001-000000000000001e.snap", Arrays.copyOf(newest, newest.length - 20));
    newest[newest.length / 2] ^= 1;
    Path flipped = write("0000000000000001-000000000000001f.snap", newest);
    Path empty = write("0000000000000001-0000000000000020.snap", new byte[0]);
    write("db", new byte[] {1});
    write("0000000000000021.snap.db", new byte[] {1});

    Ran ran = to.run("import", data.toString());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(imported())
        .singleElement()
        .satisfies(a -> assertThat(a.value().toText()).isEqualTo("new"));
    assertThat(ran.err())
        .contains(truncated + " is passed over: ")
        .contains(flipped + " is passed over: its checksum")
        .contains(empty + " is passed over: it is empty")
        .contains("raft index 20 (X-Etcd-Index 42), with 1 keys")
        .contains("--snapshot-count=1");
  }

  @Test
  void times_goOnAndWhatIsOverIsLeftOut() throws IOException {
    Instant now = Instant.now();
    ObjectNode over = node("/1/over", now.minusSeconds(5).toString());
    over.putObject("Children").set("below", value("/1/over/below", "gone with it"));
    ObjectNode lives = node("/1/lives", now.plusSeconds(3600) + "");
    lives.putObject("Children").set("below", value("/1/lives/below", "stays"));
    ObjectNode zoned = value("/1/zoned", "z").put("ExpireTime", "2999-01-01T02:00:00.5+02:00");
    Path file = write("1.snap", snapshot(store(over, lives, zoned), 9));

    Ran ran = to.run("import", file.toString(), "-o", "json");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().get("expired").asInt()).isEqualTo(2);
    assertThat(imported())
        .extracting(entry -> entry.key().text())
        .containsExactly("lives", "lives/below", "zoned");
    assertThat(imported().getFirst().expiry()).isPresent();
    assertThat(imported().get(1).expiry()).isEmpty();
  }

  @Test
  void noSnapshot_isSaidWithWhatToDo() {
    Ran ran = to.run("import", data.toString());

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("no snapshot of etcd").contains("--snapshot-count=1");
  }

  @Test
  void onlyBrokenSnapshots_nothingIsImported() throws IOException {
    byte[] wrong = snapshot(store(value("/1/a", "1")), 1);
    wrong[1] ^= 1;
    Path file = write("1.snap", wrong);
    write("2.snap", "no protobuf at all".getBytes(StandardCharsets.UTF_8));

    assertThat(to.run("import", data.toString()))
        .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(1))
        .satisfies(ran -> assertThat(ran.err()).contains("none of its 2 snapshots is whole"));
    assertThat(to.run("import", file.toString()).exitCode()).isEqualTo(1);
    assertThat(imported()).isEmpty();
  }
}
