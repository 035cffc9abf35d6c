package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.engine.EngineStore;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys from a file. */
final class ImportingTest {
  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

  /** Puts that are let through; the next one fails. */
  private final AtomicInteger puts = new AtomicInteger(Integer.MAX_VALUE);

  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(new Failing(store), true);

  private final class Failing extends DelegatingStore {
    Failing(EngineStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return puts.getAndDecrement() > 0
          ? super.put(request)
          : CompletableFuture.failedFuture(new UnavailableException("the API cannot be reached"));
    }
  }

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private static byte[] file(Item... items) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportFile.Writer writer = new ExportFile.Writer(out, 7, new Revision(1));
    for (Item item : items) {
      writer.add(item);
    }
    var unused = writer.finish();
    return out.toByteArray();
  }

  private static Item item(String key, String value) {
    return Item.of(Key.of(key), Bytes.utf8(value));
  }

  private Optional<Entry> entry(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE)).entry();
  }

  private String value(String key) {
    return entry(key).map(present -> present.value().toText()).orElse("none");
  }

  private Map<String, String> fields(String step) throws Exception {
    Map<String, String> fields = new HashMap<>();
    fields.put("token", PageUnderTest.token(page.get("/ui/import")));
    fields.put("step", step);
    return fields;
  }

  private HttpResponse<String> look(byte[] file, boolean overwrite) throws Exception {
    Map<String, String> fields = fields("look");
    if (overwrite) {
      fields.put("overwrite", "yes");
    }
    return page.send(page.upload("/ui/import", fields, Optional.of(file)));
  }

  /** What the form of a screen sends when its button is pressed. */
  private HttpResponse<String> write(HttpResponse<String> look) throws Exception {
    Map<String, String> fields = new HashMap<>(Map.of("step", "write"));
    Matcher field = FIELD.matcher(look.body());
    while (field.find()) {
      fields.put(field.group(1), field.group(2));
    }
    return page.send(page.upload("/ui/import", fields, Optional.empty()));
  }

  private static String counts(HttpResponse<String> screen) {
    StringBuilder counts = new StringBuilder();
    Matcher count =
        Pattern.compile("<li><strong>([0-9,]+)</strong> ([^<]+)</li>").matcher(screen.body());
    while (count.find()) {
      counts.append(count.group(1)).append(' ').append(count.group(2)).append("; ");
    }
    return counts.toString();
  }

  @Test
  void file_isLookedAtFirst_andNothingIsChanged() throws Exception {
    page.put("same", "1");
    page.put("differs", "mine");
    byte[] file = file(item("differs", "theirs"), item("new", "1"), item("same", "1"));

    HttpResponse<String> kept = look(file, false);
    HttpResponse<String> replaced = look(file, true);

    assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
    assertThat(counts(kept)).isEqualTo("1 new; 1 the same already; 1 kept, because they differ; ");
    assertThat(kept.body()).contains("Write 1<", "<bdi>differs</bdi>");
    assertThat(counts(replaced)).isEqualTo("1 new; 1 changed; 1 the same already; ");
    assertThat(value("differs")).isEqualTo("mine");
    assertThat(value("new")).isEqualTo("none");
  }

  @Test
  void file_isWritten_asItWasLookedAt() throws Exception {
    page.put("differs", "mine");
    Item bytes = Item.of(Key.of("bytes"), Bytes.copyOf(new byte[] {0, -1, 13, 10})).withFlags(9);
    Item ends =
        item("ends", "soon").withExpiry(Duration.ofHours(1), Instant.now().plusSeconds(1800));
    Item over = item("over", "late").withExpiry(Duration.ofHours(1), Instant.EPOCH);

    HttpResponse<String> done =
        write(look(file(bytes, item("differs", "theirs\r\n"), ends, over), true));

    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(done.body()).contains("<h1>Imported</h1>", "3 written");
    assertThat(counts(done))
        .isEqualTo("2 new; 1 changed; 1 over, because their time to live has ended; ");
    assertThat(bytes.is(entry("bytes").orElseThrow())).isTrue();
    assertThat(value("differs")).isEqualTo("theirs\r\n");
    assertThat(entry("ends").orElseThrow().expiry().orElseThrow().timeToLive())
        .isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
    assertThat(value("over")).isEqualTo("none");
  }

  @Test
  void whatHasChangedSince_isLeftAlone() throws Exception {
    page.put("k", "old");
    HttpResponse<String> look = look(file(item("k", "theirs"), item("l", "x")), true);
    page.put("k", "mine");

    HttpResponse<String> done = write(look);

    assertThat(counts(done))
        .isEqualTo("1 new; 1 left alone, because they have changed since you looked; ");
    assertThat(value("k")).isEqualTo("mine");
    assertThat(value("l")).isEqualTo("x");
  }

  @Test
  void exportOfThePage_isImportedAgain() throws Exception {
    for (int i = 0; i < 300; i++) {
      page.put("app/%03d".formatted(i), "value " + i);
    }
    byte[] file = page.get("/ui/export").body().getBytes(StandardCharsets.UTF_8);
    page.put("app/007", "changed");
    HttpResponse<String> done = write(look(file, true));

    assertThat(counts(done)).isEqualTo("1 changed; 299 the same already; ");
    assertThat(value("app/007")).isEqualTo("value 7");
  }

  /** What was written is told, and nothing that was not is said to be. */
  @Test
  void failureInTheMiddle_saysWhatWasWritten_andTheSameFileGoesOn() throws Exception {
    Item[] items = new Item[200];
    for (int i = 0; i < items.length; i++) {
      items[i] = item("k%03d".formatted(i), "x");
    }
    HttpResponse<String> look = look(file(items), false);
    puts.set(70);

    HttpResponse<String> stopped = write(look);
    puts.set(Integer.MAX_VALUE);
    HttpResponse<String> again = write(look(file(items), false));

    assertThat(stopped.statusCode()).isEqualTo(503);
    assertThat(stopped.body())
        .contains("The import has stopped", "the API cannot be reached", "70 written");
    assertThat(counts(stopped)).isEqualTo("70 new; 130 not tried; ");
    assertThat(counts(again)).isEqualTo("130 new; 70 the same already; ");
  }

  @Test
  void timeThatIsOver_stopsIt() throws Exception {
    long[] nanos = new long[1];
    ImportWrite write = new ImportWrite(store, new Revision(100), false, () -> nanos[0]);

    write.take(item("a", "1"));
    nanos[0] = Duration.ofSeconds(31).toNanos();
    write.take(item("b", "1"));
    write.finish();

    assertThat(write.stopped()).isEqualTo("it took longer than 30 s");
    assertThat(write.tally().count(ImportTally.Fate.NEW)).isEqualTo(1);
    assertThat(write.tally().count(ImportTally.Fate.NOT_TRIED)).isEqualTo(1);
    assertThat(value("b")).isEqualTo("none");
  }

  @Test
  void keyThatMayNotBePut_isRefused() throws Exception {
    ImportLook look =
        new ImportLook(
            store, key -> !key.text().equals("b"), Freshness.LINEARIZABLE, false, () -> 0);

    look.take(item("a", "1"));
    look.take(item("b", "1"));
    look.take(item("x".repeat(5000), "1"));

    assertThat(look.tally().count(ImportTally.Fate.NEW)).isEqualTo(1);
    assertThat(look.tally().lines())
        .extracting(ImportTally.Line::fate)
        .containsExactly("refused", "refused");
  }

  private void requireRefused(byte[] file, int status, String why) throws Exception {
    HttpResponse<String> refused = look(file, true);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(refused.body()).contains(why).doesNotContain("Exception", "<script>", "\u202E");
    assertThat(store.status().entries()).isZero();
  }

  @Test
  void hostileFiles_getALine_andChangeNothing() throws Exception {
    byte[] whole = file(item("a", "1"), item("b", "2"));
    String text = new String(whole, StandardCharsets.UTF_8);
    String head = text.substring(0, text.indexOf('\n') + 1);

    requireRefused(Arrays.copyOf(whole, whole.length - 40), 400, "nothing was changed");
    requireRefused(
        text.substring(0, text.lastIndexOf("{")).getBytes(StandardCharsets.UTF_8),
        400,
        "has no last line");
    requireRefused(
        text.replace("\"1\"", "\"3\"").getBytes(StandardCharsets.UTF_8), 400, "checksum");
    requireRefused(
        (head + "[".repeat(100_000) + "\n").getBytes(StandardCharsets.UTF_8), 400, "is no JSON");
    requireRefused("<script>\u202E".getBytes(StandardCharsets.UTF_8), 400, "no whole snapshot");
    requireRefused(
        "{\"format\":\"other\"}\n".getBytes(StandardCharsets.UTF_8), 400, "not an export");
    requireRefused(new byte[] {(byte) 0xFF, (byte) 0xFE, 0}, 400, "no whole snapshot");
    requireRefused(new byte[] {'{', (byte) 0xFF}, 400, "not UTF-8");
    requireRefused(new byte[Importing.MOST_BYTES + 1], 413, "use kubekv import");
  }

  @Test
  void moreEntriesThanAreTaken_areRefusedBeforeTheFirst() throws Exception {
    Item[] items = new Item[Importing.MOST_ENTRIES + 1];
    for (int i = 0; i < items.length; i++) {
      items[i] = item("k%06d".formatted(i), "");
    }

    requireRefused(file(items), 413, "more than 10,000 entries");
  }

  private static byte[] snapshot(String keys) {
    return EtcdV2Files.snapshot(
        "{\"CurrentIndex\":42,\"Root\":{\"Children\":{\"1\":{\"Children\":{" + keys + "}}}}}");
  }

  @Test
  void snapshotOfAnEtcdV2_isImported_andSaysWhatIsNotInIt() throws Exception {
    HttpResponse<String> look =
        look(
            snapshot(
                "\"d\":{\"Path\":\"/1/d\",\"Children\":{\"a\":{\"Path\":\"/1/d/a\",\"Value\":\"x\"}}},"
                    + "\"over\":{\"Path\":\"/1/over\",\"ExpireTime\":\"2001-01-01T00:00:00Z\"}"),
            false);
    HttpResponse<String> done = write(look);

    assertThat(look.body()).contains("X-Etcd-Index 42", "--snapshot-count=1");
    assertThat(counts(done)).isEqualTo("2 new; 1 over, because their time to live has ended; ");
    assertThat(value("d/a")).isEqualTo("x");
  }

  @Test
  void snapshotThatIsWhole_andNoneOfEtcds_getsALine() throws Exception {
    requireRefused(snapshot("\"a\":{\"Path\":\"/1/\"}"), 400, "none of an etcd v2");
    requireRefused(
        snapshot("\"a\":{\"Path\":\"/1/a\",\"ExpireTime\":\"soon\"}"), 400, "is no time");
    byte[] whole = snapshot("");
    requireRefused(Arrays.copyOf(whole, whole.length - 1), 400, "no whole snapshot");
  }

  /** The same is true of what comes back with the second form. */
  @ParameterizedTest
  @ValueSource(strings = {"", "%%%", "eA==", "AAAA"})
  void secondForm_isNotBelieved(String content) throws Exception {
    Map<String, String> fields = fields("write");
    fields.put("revision", "9");
    fields.put("content", content);

    HttpResponse<String> refused = page.send(page.upload("/ui/import", fields, Optional.empty()));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).doesNotContain("Exception");
  }

  @Test
  void form_mustBeFromHere_andWhole() throws Exception {
    byte[] file = file(item("a", "1"));
    Map<String, String> fields = fields("look");
    HttpRequest good = page.upload("/ui/import", fields, Optional.of(file));
    HttpRequest elsewhere =
        HttpRequest.newBuilder(good, (name, value) -> !name.equalsIgnoreCase("Origin"))
            .header("Origin", "http://evil.example.com")
            .build();

    assertThat(page.send(elsewhere).statusCode()).isEqualTo(403);
    fields.put("token", "other");
    assertThat(page.send(page.upload("/ui/import", fields, Optional.of(file))).statusCode())
        .isEqualTo(403);
    assertThat(page.send(page.form("/ui/import", fields("look"))).statusCode()).isEqualTo(415);
    assertThat(page.send(page.upload("/ui/import", fields("look"), Optional.empty())).statusCode())
        .isEqualTo(400);
    assertThat(page.send(page.upload("/ui/import", fields("jump"), Optional.of(file))).statusCode())
        .isEqualTo(400);
  }

  /** Cut off anywhere, it is refused or is the form of before, and never an error of ours. */
  @Test
  void bodyThatIsCutOff_isRefused() throws Exception {
    byte[] body = PageUnderTest.multipart(fields("look"), Optional.of(file(item("a", "1"))));
    for (int length = 0; length < body.length - 4; length += 7) {
      HttpResponse<String> answer =
          page.send(page.multipart("/ui/import", Arrays.copyOf(body, length)));
      assertThat(answer.statusCode()).as("%d bytes: %s", length, answer.body()).isIn(400, 403);
    }
    assertThat(store.status().entries()).isZero();
  }

  @Test
  void pageThatOnlyShows_importsNothing() throws Exception {
    try (EngineStore other = EngineStore.inMemory();
        PageUnderTest shows = new PageUnderTest(other, false)) {
      HttpRequest post = shows.upload("/ui/import", Map.of(), Optional.of(file(item("a", "1"))));

      assertThat(shows.get("/ui/import").statusCode()).isEqualTo(403);
      assertThat(shows.send(post).statusCode()).isEqualTo(403);
      assertThat(shows.get("/ui/").body()).doesNotContain("/ui/import");
    }
    assertThat(page.get("/ui/").body()).contains("<a href=\"/ui/import\">Import</a>");
  }

  @Test
  void hostileKeys_areShownAsTheyAre() throws Exception {
    page.put("<script>alert(1)</script>\u202E", "mine");

    HttpResponse<String> look = look(file(item("<script>alert(1)</script>\u202E", "x")), true);

    assertThat(look.body()).contains("&lt;script&gt;").doesNotContain("<script>alert", "\u202E");
    assertThat(List.of(look.statusCode())).containsExactly(200);
  }
}
