package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import io.kubekv.cli.ServerUnderTest.Ran;
import io.kubekv.contract.Answered;
import io.kubekv.engine.EngineStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ExportImportTest {
  private static final int MANY = 200;

  private final ServerUnderTest from = new ServerUnderTest();
  private final Unreliable unreliable = new Unreliable(EngineStore.inMemory());
  private final ServerUnderTest to = new ServerUnderTest(unreliable);
  @TempDir Path folder;
  private String file = "";

  /** A store that takes so many puts and then cannot be reached. */
  private static final class Unreliable extends DelegatingStore {
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    Unreliable(KeyValueStore store) {
      super(store);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (left.getAndDecrement() <= 0) {
              throw new UnavailableException("gone");
            }
            return Await.change(super.put(request));
          });
    }
  }

  @BeforeEach
  void name() {
    file = folder.resolve("store.jsonl").toString();
  }

  @AfterEach
  void close() {
    from.close();
    to.close();
  }

  private static void put(KeyValueStore store, PutRequest request) {
    assertThat(Await.change(store.put(request))).isInstanceOf(PutOutcome.Stored.class);
  }

  private static void put(KeyValueStore store, String key, String value) {
    put(store, PutRequest.of(Key.of(key), Bytes.utf8(value)));
  }

  private static List<Entry> all(KeyValueStore store) {
    return Await.read(store.list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE)).entries();
  }

  /** Without what belongs to one store: revisions, and when exactly an entry ends. */
  private static List<String> contents(KeyValueStore store) {
    return all(store).stream()
        .map(
            entry ->
                String.join(
                    " ",
                    entry.key().text(),
                    entry.kind().toString(),
                    entry.value().toBase64(),
                    Long.toUnsignedString(entry.flags()),
                    String.valueOf(entry.expiry().isPresent()),
                    entry.metadata().content().toBase64()))
        .toList();
  }

  private void fillWithAllKinds() {
    KeyValueStore store = from.store();
    put(store, "text", "größe\n\"😀\" \u2028");
    put(store, "empty", "");
    put(
        store,
        PutRequest.of(Key.of("binary"), Bytes.copyOf(new byte[] {0, (byte) 0xff, (byte) 0xc3}))
            .withFlags(-1));
    put(store, PutRequest.directory(Key.of("dir/below")).withTimeToLive(Duration.ofHours(1)));
    put(store, PutRequest.of(Key.of("ends"), Bytes.EMPTY).withTimeToLive(Duration.ofHours(2)));
    put(store, "consul/", "a key with a slash at its end");
    put(store, "consul/a/b", "1");
    put(store, PutRequest.of(Key.of("zk/node"), Bytes.EMPTY).withMetadata(Bytes.utf8("a list")));
  }

  private void fillWithMany() {
    for (int i = 0; i < MANY; i++) {
      put(from.store(), "many/%03d".formatted(i), "value " + i);
    }
  }

  private JsonNode counts(Ran ran) {
    assertThat(ran.out()).as(ran.err()).isNotEmpty();
    return ran.json();
  }

  @Test
  void roundTrip_keepsEveryKindOfEntry() {
    fillWithAllKinds();

    assertThat(from.run("export", file).out()).isEqualTo("9 keys in " + file + "\n");
    Ran imported = to.run("import", file);

    assertThat(imported.exitCode()).isZero();
    assertThat(imported.out())
        .isEqualTo("written 9, there 0, kept 0, expired 0, refused 0, changed since 0\n");
    assertThat(contents(to.store())).isEqualTo(contents(from.store())).hasSize(9);
  }

  @Test
  void roundTrip_throughAPipe() {
    fillWithAllKinds();

    Ran exported = from.run("export", "-");
    Ran imported = to.runWith(exported.bytes(), "import", "-");

    assertThat(imported.exitCode()).isZero();
    assertThat(contents(to.store())).isEqualTo(contents(from.store()));
  }

  @Test
  void import_onlyMetadataDiffers_isSaidAndReplacedWhenAskedFor() {
    PutRequest node = PutRequest.of(Key.of("zk/node"), Bytes.utf8("v"));
    put(from.store(), node.withMetadata(Bytes.utf8("a list")));
    put(to.store(), node.withMetadata(Bytes.utf8("another list")));
    assertThat(from.run("export", file).exitCode()).isZero();

    assertThat(to.run("import", file).err()).contains("zk/node: kept as it is, because it differs");
    assertThat(to.run("import", file, "--overwrite").out()).startsWith("written 1, there 0");

    assertThat(contents(to.store())).isEqualTo(contents(from.store()));
  }

  @Test
  void import_timeToLive_goesOnWithWhatIsLeftOrAnew() throws IOException {
    put(from.store(), PutRequest.of(Key.of("a"), Bytes.EMPTY).withTimeToLive(Duration.ofHours(2)));
    assertThat(from.run("export", file).exitCode()).isZero();

    assertThat(to.run("import", file).exitCode()).isZero();
    assertThat(all(to.store()).getFirst().expiry().orElseThrow().timeToLive())
        .isBetween(Duration.ofMinutes(119), Duration.ofHours(2).minusMillis(1));

    assertThat(to.run("delete", "a").exitCode()).isZero();
    assertThat(to.run("import", file, "--full-ttl").exitCode()).isZero();
    assertThat(all(to.store()).getFirst().expiry().orElseThrow().timeToLive())
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void import_expired_isLeftOut() {
    put(from.store(), PutRequest.of(Key.of("a"), Bytes.EMPTY).withTimeToLive(Duration.ofHours(2)));
    String past =
        from.run("export", "-")
            .out()
            .replaceAll("\"expiresAt\":\"[^\"]*", "\"expiresAt\":\"2020-01-01T00:00:00Z");

    Ran ran = to.runWith(withRightSum(past), "import", "-", "-o", "json");

    assertThat(ran.exitCode()).isZero();
    assertThat(counts(ran).get("expired").asInt()).isEqualTo(1);
    assertThat(all(to.store())).isEmpty();
  }

  private static byte[] withRightSum(String export) {
    try {
      String body = export.substring(0, export.lastIndexOf("{"));
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      return export
          .replaceAll("\"sha256\":\"[0-9a-f]*", "\"sha256\":\"" + HexFormat.of().formatHex(sum))
          .getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchAlgorithmException never) {
      throw new AssertionError(never);
    }
  }

  @Test
  void import_interrupted_goesOnAndKeepsWhatIsNewer() {
    fillWithMany();
    assertThat(from.run("export", file).exitCode()).isZero();
    unreliable.left.set(70);

    Ran interrupted = to.run("import", file, "--timeout", "2s");

    assertThat(interrupted.exitCode()).isEqualTo(3);
    assertThat(all(to.store())).hasSize(70);

    unreliable.left.set(Integer.MAX_VALUE);
    put(to.store(), "many/000", "newer");
    Ran again = to.run("import", file, "-o", "json");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("many/000: kept as it is, because it differs");
    assertThat(counts(again).toString())
        .isEqualTo(
            "{\"written\":130,\"there\":69,\"kept\":1,\"expired\":0,\"refused\":0,\"changed_since\":0}");
    assertThat(to.run("get", "many/000").out()).isEqualTo("newer");

    assertThat(to.run("import", file, "--overwrite").exitCode()).isZero();
    assertThat(contents(to.store())).isEqualTo(contents(from.store()));
  }

  @Test
  void import_prefix_takesOnlyThose() {
    fillWithAllKinds();
    assertThat(from.run("export", file).exitCode()).isZero();

    assertThat(to.run("import", file, "--prefix", "consul/").exitCode()).isZero();

    assertThat(to.run("list", "-o", "value").lines()).containsExactly("consul/", "consul/a/b");
  }

  @Test
  void import_damagedFile_writesNothing() throws IOException {
    fillWithMany();
    assertThat(from.run("export", file).exitCode()).isZero();
    Path path = Path.of(file);
    String whole = Files.readString(path);

    for (String damaged :
        List.of(
            whole.replace("value 7\"", "value 8\""),
            whole.substring(0, whole.length() / 2),
            whole.substring(0, whole.lastIndexOf("{")),
            whole + "{}\n",
            whole.replace("\"version\":1,", "\"version\":2,"),
            "{}\n",
            "not json\n",
            "")) {
      Files.writeString(path, damaged);
      Ran ran = to.run("import", file);
      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
      assertThat(ran.err()).contains(file);
    }
    assertThat(all(to.store())).isEmpty();
  }

  @Test
  void export_existingFile_isReplacedOnlyWhenTold() throws IOException {
    Files.writeString(Path.of(file), "mine");

    assertThat(from.run("export", file).exitCode()).isEqualTo(1);
    assertThat(Path.of(file)).content().isEqualTo("mine");

    assertThat(from.run("export", file, "--overwrite").exitCode()).isZero();
    assertThat(to.run("import", file).exitCode()).isZero();
    assertThat(folder.toFile().list()).containsExactly("store.jsonl");
  }

  @Test
  void export_ofAttachedKeys_saysThatTheirSessionsAreLeftOut() {
    put(from.store(), "free", "1");
    assertThat(from.run("export", file, "--overwrite").err()).doesNotContain("sessions");
    SessionId session = SessionId.random();
    Await.change(from.store().sessions().create(SessionSpec.of(session)));
    put(
        from.store(),
        PutRequest.of(Key.of("a"), Bytes.EMPTY).withAttachment(new Attachment.To(session)));

    Ran ran = from.run("export", file, "--overwrite");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).contains("1 of the keys are attached to sessions");
    to.run("import", file);
    assertThat(all(to.store())).allMatch(entry -> entry.attachedTo().isEmpty()).hasSize(2);
  }

  @Test
  void export_withoutAServer_leavesNoFile() {
    assertThat(from.run("export", file, "--server", "127.0.0.1:1").exitCode()).isEqualTo(3);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void import_wrongSource_is2() {
    assertThat(to.run("import", "redis://127.0.0.1:1").exitCode()).isEqualTo(2);
    assertThat(to.run("import", folder.resolve("nothing").toString()).exitCode()).isEqualTo(1);
  }
}
