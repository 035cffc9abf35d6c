package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpec;
import io.kubekv.engine.EngineStore;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are shown. */
final class PageReadTest {
  private static final String HOSTILE = "<script>alert(1)</script>\"'&</textarea>\u202E--><b>";

  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(store, true);

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void level_showsKeysAndLevels() throws Exception {
    page.put("app/config", "x");
    page.put("app/log/1", "y");

    HttpResponse<String> level = page.get("/ui/?prefix=app%2F");

    assertThat(level.statusCode()).isEqualTo(200);
    assertThat(header(level, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(level.body())
        .contains("href=\"/ui/key?key=app%2Fconfig\"", "href=\"/ui/?prefix=app%2Flog%2F\"")
        .contains("2 keys at revision");
  }

  @Test
  void furtherPages_areLinked() throws Exception {
    for (int i = 0; i < Levels.PAGE + 1; i++) {
      page.put("k%03d".formatted(i), "");
    }

    HttpResponse<String> first = page.get("/ui/");
    HttpResponse<String> second = page.get("/ui/?prefix=&after=k099");

    assertThat(first.body()).contains("href=\"/ui/?prefix=&amp;after=k099\"", "Next page");
    assertThat(second.body()).contains("k100", "First page").doesNotContain("Next page");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ui"})
  void addressAbove_leadsThere(String path) throws Exception {
    HttpResponse<String> moved = page.get(path);

    assertThat(moved.statusCode()).isEqualTo(302);
    assertThat(header(moved, "Location")).isEqualTo("/ui/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/",
        "/ui/key?key=KEY",
        "/ui/key?key=KEY&as=text",
        "/ui/key?key=KEY&as=hex",
        "/ui/edit?key=KEY",
        "/ui/delete?key=KEY",
        "/ui/watch",
        "/ui/deleted",
        "/ui/locks",
        "/ui/docker",
        "/ui/store",
        "/ui/?prefix=KEY",
        "/ui/nothing/KEY",
        "/ui/key?key=KEY&as=KEY",
        "/ui/diff?key=KEY&revision=KEY",
        "/ui/diff?key=KEY&revision=2"
      })
  void everyScreen_escapesWhatItShows_andAllowsNothingInLine(String path) throws Exception {
    page.put(HOSTILE, HOSTILE);
    page.put("gone" + HOSTILE, HOSTILE);
    Await.change(store.delete(DeleteRequest.of(Key.of("gone" + HOSTILE))));
    SessionSpec session = SessionSpec.random().withName(HOSTILE);
    Await.change(store.sessions().create(session));
    Await.change(
        store.put(
            PutRequest.of(Key.of("held" + HOSTILE), Bytes.EMPTY)
                .withLocking(new Locking.Acquire(session.id()))));
    Await.change(
        store.put(
            PutRequest.of(Key.of("tied/" + HOSTILE), Bytes.EMPTY)
                .withAttachment(new Attachment.To(session.id()))));

    HttpResponse<String> screen = page.get(path.replace("KEY", PageUnderTest.encoded(HOSTILE)));

    assertThat(screen.body())
        .contains("<h1>")
        .doesNotContain("<script>", "<b>", "alert(1)</", " style=", " onclick");
    // a field of a form has the text itself, which moves nothing outside of it
    String beside = screen.body().replaceAll("(?s) value=\"[^\"]*\"|<textarea.*?</textarea>", "");
    assertThat(beside).doesNotContain("\u202E");
    assertThat(header(screen, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(header(screen, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(screen, "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void key_isShownWithWhatIsKnownOfIt() throws Exception {
    SessionSpec session = SessionSpec.random().withName("worker");
    Await.change(store.sessions().create(session));
    Await.change(
        store.put(
            PutRequest.of(Key.of("k"), Bytes.utf8("{\"a\":1}"))
                .withFlags(7)
                .withTimeToLive(Duration.ofMinutes(5))
                .withLocking(new Locking.Acquire(session.id()))));

    String body = page.get("/ui/key?key=k").body();

    assertThat(body)
        .contains("\"a\" : 1", "Flags", "5 min after the last put", session.id().toString())
        .contains("Fencing token", "acquire", "/ui/restore?key=k");
  }

  @Test
  void keyThatIsDeleted_showsWhatItWas_andOneThatNeverWas_is404() throws Exception {
    page.put("k", "before");
    Await.change(store.delete(DeleteRequest.of(Key.of("k"))));

    assertThat(page.get("/ui/key?key=k").body()).contains("This key is deleted", "before");
    assertThat(page.get("/ui/key?key=other").statusCode()).isEqualTo(404);
    assertThat(page.get("/ui/deleted").body()).contains("/ui/key?key=k", "before");
  }

  @Test
  void change_isShownAsADifference() throws Exception {
    page.put("k", "one\ntwo");
    page.put("k", "one\nthree");
    long revision = store.status().revision().value();

    String body = page.get("/ui/diff?key=k&revision=" + revision).body();

    assertThat(body).contains("<tr class=\"removed\">", "two", "<tr class=\"added\">", "three");
    assertThat(page.get("/ui/diff?key=k&revision=1").statusCode()).isEqualTo(410);
  }

  @Test
  void value_isKeptAsAFile_andNeverShownByABrowser() throws Exception {
    byte[] value = {0, 1, 2, -1};
    page.put("k", Bytes.copyOf(value));

    HttpResponse<byte[]> file =
        page.client()
            .send(page.request("/ui/value?key=k").build(), HttpResponse.BodyHandlers.ofByteArray());

    assertThat(file.body()).isEqualTo(value);
    assertThat(header(file, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(file, "Content-Disposition")).startsWith("attachment");
  }

  @Test
  void locks_haveHolderAndQueue_andSessionsWhatTheyHold() throws Exception {
    SessionSpec holder = SessionSpec.random().withName("one");
    SessionSpec waiter = SessionSpec.random().withName("two");
    Await.change(store.sessions().create(holder));
    Await.change(store.sessions().create(waiter));
    PutRequest lock = PutRequest.of(Key.of("lock"), Bytes.EMPTY);
    Await.change(store.put(lock.withLocking(new Locking.Acquire(holder.id()))));
    tie("mutex/b", holder);
    tie("mutex/a", waiter);

    String body = page.get("/ui/locks").body();

    assertThat(body)
        .containsPattern("(?s)Keys that sessions hold.*key=lock.*one.*" + holder.id())
        .containsPattern("(?s)holds</strong>\\s<a href=\"/ui/key\\?key=mutex%2Fb\".*" + holder.id())
        .containsPattern("(?s)waits</strong>\\s<a href=\"/ui/key\\?key=mutex%2Fa\".*" + waiter.id())
        .contains("2 live.");
    assertThat(page.get("/ui/locks?prefix=other").body()).contains("No session holds a key.");
  }

  private void tie(String key, SessionSpec session) {
    Await.change(
        store.put(
            PutRequest.of(Key.of(key), Bytes.EMPTY)
                .withAttachment(new Attachment.To(session.id()))));
  }

  @Test
  void store_showsItsFigures() throws Exception {
    assertThat(page.get("/ui/store").body())
        .contains("ready", "Oldest revision", "kv-0", "holder", "&lt;here&gt;");
  }

  @Test
  void store_showsWhatItCosts() throws Exception {
    page.put("k", "x");

    assertThat(page.get("/ui/store").body())
        .contains("What it costs", "a Kubernetes cluster bears", "Written to the disk")
        .containsPattern("<th scope=\"row\">Keys</th><td>1</td>")
        .containsPattern("Memory of its watch cache</th><td>[0-9.]+ MiB</td><td>not measured here");
  }

  @Test
  void largestValue_isShownInLittle() throws Exception {
    page.put("text", "x".repeat(1 << 20));
    page.put("binary", Bytes.copyOf(new byte[1 << 20]));

    for (String path : new String[] {"/ui/key?key=text", "/ui/key?key=binary", "/ui/watch"}) {
      HttpResponse<String> screen = page.get(path);
      assertThat(screen.statusCode()).as(path).isEqualTo(200);
      assertThat(screen.body().length()).as(path).isLessThan(120_000);
    }
  }

  @Test
  void firstScreen_withAllThatItNeeds_isSmall() throws Exception {
    for (int i = 0; i < 200; i++) {
      page.put("service/web-%03d/endpoint".formatted(i), "10.0.0.1:80");
    }
    HttpResponse<String> level = page.get("/ui/?prefix=service%2F");
    long sum = level.body().length();
    Matcher asset = Pattern.compile("/ui/assets/[^\"]+").matcher(level.body());
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (asset.find()) {
        HttpRequest request = page.request(asset.group()).header("Accept-Encoding", "gzip").build();
        HttpResponse<byte[]> file = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Cache-Control")).contains("immutable");
        sum += file.body().length;
      }
    }

    assertThat(sum).isLessThan(60 << 10);
  }

  @Test
  void otherMethodsAndScreens_areRefused() throws Exception {
    HttpRequest put = page.request("/ui/").PUT(HttpRequest.BodyPublishers.ofString("x")).build();

    HttpRequest head = page.request("/ui/events").HEAD().build();

    assertThat(page.send(put).statusCode()).isEqualTo(405);
    assertThat(page.send(head).statusCode()).isEqualTo(405);
    assertThat(page.get("/ui/other").statusCode()).isEqualTo(404);
    assertThat(page.get("/ui/assets/other").statusCode()).isEqualTo(404);
    assertThat(page.get("/ui/key").statusCode()).isEqualTo(400);
    assertThat(page.get("/ui/?after=%00").statusCode()).isEqualTo(400);
    assertThat(page.get("/ui/?prefix=" + "x".repeat(5000)).statusCode()).isEqualTo(413);
  }
}
