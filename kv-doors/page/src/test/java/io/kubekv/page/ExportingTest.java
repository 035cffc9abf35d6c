package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.engine.EngineStore;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys as a file. */
final class ExportingTest {
  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(store, false);

  @TempDir Path folder;

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private HttpResponse<Path> download(String path) throws Exception {
    return page.client()
        .send(page.request(path).build(), BodyHandlers.ofFile(folder.resolve("export.jsonl")));
  }

  private static List<Item> items(HttpResponse<Path> answer) throws Exception {
    List<Item> items = new ArrayList<>();
    ExportFile.Summary said = ExportFile.read(answer.body(), items::add);
    assertThat(said.entries()).isEqualTo(items.size());
    return items;
  }

  private List<Item> kept(String prefix) {
    Range range = new Range.WithPrefix(new Prefix(prefix));
    return Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)).entries().stream()
        .map(Item::of)
        .toList();
  }

  @Test
  void file_isAnExportOfTheKeysThatBeginSo() throws Exception {
    page.put("app/text", "<b>\nä");
    page.put("app/bytes", Bytes.copyOf(new byte[] {0, -1, 7}));
    Await.change(
        store.put(
            PutRequest.of(Key.of("app/short"), Bytes.utf8("x"))
                .withTimeToLive(Duration.ofHours(1))));
    page.put("other", "x");

    HttpResponse<Path> answer = download("/ui/export?prefix=app%2F");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
        .isEqualTo("attachment; filename=\"kubekv-export.jsonl\"");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(items(answer)).hasSize(3).isEqualTo(kept("app/"));
  }

  /** More than may wait for a browser at a time: it is made as fast as it is taken. */
  @Test
  void largeFile_comesWhole() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 12; i++) {
      byte[] value = new byte[700_000];
      random.nextBytes(value);
      page.put("k" + i, Bytes.copyOf(value));
    }

    assertThat(items(download("/ui/export"))).hasSize(12).isEqualTo(kept(""));
  }

  @Test
  void noKeys_areAFileToo() throws Exception {
    assertThat(items(download("/ui/export?prefix=none"))).isEmpty();
  }

  @Test
  void level_leadsToItsFile() throws Exception {
    page.put("app/1", "x");

    assertThat(page.get("/ui/?prefix=app%2F").body())
        .contains("<a href=\"/ui/export?prefix=app%2F\" download");
  }

  @Test
  void onlyGet_readsIt() throws Exception {
    assertThat(page.send(page.request("/ui/export").HEAD().build()).statusCode()).isEqualTo(405);
    assertThat(
            page.send(page.request("/ui/export").POST(BodyPublishers.noBody()).build())
                .statusCode())
        .isEqualTo(405);
  }
}
