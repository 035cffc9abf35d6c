package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpec;
import io.kubekv.engine.EngineStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be changed by the page, and what cannot. */
final class PageWriteTest {
  private static final Key KEY = Key.of("k");

  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(store, true);

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private Optional<Entry> entry() {
    return Await.read(store.get(KEY, Freshness.LINEARIZABLE)).entry();
  }

  private String value() {
    return entry().map(present -> present.value().toText()).orElse("none");
  }

  /** What the form shows, with another value. */
  private Map<String, String> form(String step, String value) throws Exception {
    HttpResponse<String> form = page.get("/ui/edit?key=k");
    Map<String, String> fields = new HashMap<>();
    fields.put("token", PageUnderTest.token(form));
    fields.put("key", "k");
    fields.put("revision", entry().map(present -> present.modifyRevision().toString()).orElse("0"));
    fields.put("form", "text");
    fields.put("value", value);
    fields.put("step", step);
    return fields;
  }

  private HttpResponse<String> post(Map<String, String> fields) throws Exception {
    return page.send(page.form("/ui/edit", fields));
  }

  @Test
  void value_isLookedAtBeforeItIsSaved() throws Exception {
    page.put("k", "one\ntwo");

    HttpResponse<String> preview = post(form("preview", "one\r\nthree"));
    HttpResponse<String> saved = post(form("save", "one\r\nthree"));

    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(preview.body()).contains("<tr class=\"removed\">", "<tr class=\"added\">", "three");
    assertThat(saved.statusCode()).isEqualTo(303);
    assertThat(saved.headers().firstValue("Location")).contains("/ui/key?key=k");
    assertThat(value()).isEqualTo("one\nthree");
  }

  @Test
  void preview_changesNothing() throws Exception {
    page.put("k", "one");

    post(form("preview", "two"));
    post(form("edit", "two"));

    assertThat(value()).isEqualTo("one");
  }

  @Test
  void whatHasChangedMeanwhile_isNotOverwritten() throws Exception {
    page.put("k", "one");
    Map<String, String> form = form("save", "mine");
    page.put("k", "theirs");

    HttpResponse<String> conflict = post(form);

    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(conflict.body()).contains("has changed meanwhile", "theirs", "mine");
    assertThat(value()).isEqualTo("theirs");
    assertThat(post(form("save", "mine")).statusCode()).isEqualTo(303);
    assertThat(value()).isEqualTo("mine");
  }

  @Test
  void newKey_isMade_unlessSomebodyWasFaster() throws Exception {
    Map<String, String> late = form("save", "mine");
    assertThat(post(form("save", "first")).statusCode()).isEqualTo(303);

    assertThat(value()).isEqualTo("first");
    assertThat(post(late).statusCode()).isEqualTo(409);
  }

  @Test
  void whatElseTheEntryHas_isKept() throws Exception {
    SessionSpec session = SessionSpec.random();
    Await.change(store.sessions().create(session));
    Await.change(
        store.put(
            PutRequest.of(KEY, Bytes.utf8("one"))
                .withFlags(7)
                .withTimeToLive(Duration.ofMinutes(5))
                .withLocking(new Locking.Acquire(session.id()))));
    long version = entry().orElseThrow().version();

    HttpResponse<String> preview = post(form("preview", "two"));
    post(form("save", "two"));

    Entry saved = entry().orElseThrow();
    assertThat(preview.body()).contains("begins anew", "holds this key as a lock");
    assertThat(saved.value().toText()).isEqualTo("two");
    assertThat(saved.flags()).isEqualTo(7);
    assertThat(saved.version()).isEqualTo(version + 1);
    assertThat(saved.expiry().orElseThrow().timeToLive()).isEqualTo(Duration.ofMinutes(5));
    assertThat(saved.lock().isHeldBy(session.id())).isTrue();
  }

  /** As browsers would, who change the ends of lines and drop one at the beginning. */
  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb", "\u0001", "\uFEFFx", "\u007F", "a\u202Eb"})
  void valueThatABrowserWouldChange_isEditedInHexadecimal(String text) throws Exception {
    page.put("k", text);

    String form = page.get("/ui/edit?key=k").body();

    assertThat(form).contains("name=\"form\" value=\"hex\"");
  }

  @Test
  void valueThatBeginsWithANewLine_keepsIt() throws Exception {
    page.put("k", "\n\nx");

    assertThat(page.get("/ui/edit?key=k").body())
        .contains("autocomplete=\"off\">\n\n\nx</textarea>");
  }

  @Test
  void bytes_areSavedInHexadecimal() throws Exception {
    page.put("k", Bytes.copyOf(new byte[] {0, -1}));
    Map<String, String> form = form("save", "00 fe\r\n01");
    form.put("form", "hex");

    assertThat(post(form).statusCode()).isEqualTo(303);
    assertThat(entry().orElseThrow().value()).isEqualTo(Bytes.copyOf(new byte[] {0, -2, 1}));
  }

  @Test
  void earlierValue_isRestored_alsoOfAKeyThatIsGone() throws Exception {
    page.put("k", "first");
    String version = entry().orElseThrow().modifyRevision().toString();
    Await.change(store.delete(DeleteRequest.of(KEY)));

    HttpResponse<String> preview = page.get("/ui/restore?key=k&version=" + version);

    assertThat(preview.body()).contains("first", "name=\"revision\" value=\"0\"");
    assertThat(post(form("save", "first")).statusCode()).isEqualTo(303);
    assertThat(value()).isEqualTo("first");
    assertThat(page.get("/ui/restore?key=k&version=1").statusCode()).isEqualTo(410);
  }

  @Test
  void key_isDeletedAsItWasLookedAt() throws Exception {
    page.put("k", "one");
    HttpResponse<String> form = page.get("/ui/delete?key=k");
    String seen = entry().orElseThrow().modifyRevision().toString();
    Map<String, String> fields =
        Map.of("token", PageUnderTest.token(form), "key", "k", "revision", seen);
    page.put("k", "two");

    assertThat(page.send(page.form("/ui/delete", fields)).statusCode()).isEqualTo(409);
    assertThat(value()).isEqualTo("two");
    Map<String, String> again = new HashMap<>(fields);
    again.put("revision", entry().orElseThrow().modifyRevision().toString());
    assertThat(page.send(page.form("/ui/delete", again)).statusCode()).isEqualTo(303);
    assertThat(entry()).isEmpty();
  }

  @Test
  void formOfAnotherPage_changesNothing() throws Exception {
    page.put("k", "one");
    Map<String, String> form = form("save", "two");
    Map<String, String> forged = new HashMap<>(form);
    forged.put("token", "0".repeat(64));
    String body = "token=" + form.get("token") + "&key=k&revision=2&value=two&step=save";

    assertThat(post(forged).statusCode()).isEqualTo(403);
    for (String origin : new String[] {"http://evil.example", "null", ""}) {
      HttpRequest.Builder request =
          page.request("/ui/edit")
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      if (!origin.isEmpty()) {
        request.header("Origin", origin);
      }
      assertThat(page.send(request.build()).statusCode()).as(origin).isEqualTo(403);
    }
    HttpRequest across =
        page.request("/ui/edit")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", page.origin())
            .header("Sec-Fetch-Site", "cross-site")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(page.send(across).statusCode()).isEqualTo(403);
    assertThat(value()).isEqualTo("one");
  }

  @Test
  void tokensOfUsers_differ() {
    assertThat(new FormToken().text()).isNotEqualTo(new FormToken().text()).hasSize(64);
  }

  @Test
  void largeOrOtherForms_areRefused() throws Exception {
    page.put("k", "one");
    Map<String, String> large = form("save", "x".repeat(Edit.MOST_BYTES + 1));
    HttpRequest json =
        page.request("/ui/edit")
            .header("Content-Type", "application/json")
            .header("Origin", page.origin())
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpRequest huge =
        page.request("/ui/edit")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2 << 20]))
            .build();

    assertThat(post(large).statusCode()).isEqualTo(413);
    assertThat(page.send(json).statusCode()).isEqualTo(415);
    assertThat(page.send(huge).statusCode()).isEqualTo(413);
    page.put("k", "y".repeat(Edit.MOST_BYTES + 1));
    assertThat(page.get("/ui/edit?key=k").statusCode()).isEqualTo(413);
  }

  @Test
  void pageThatOnlyShows_hasNoForms() throws Exception {
    try (PageUnderTest shows = new PageUnderTest(store, false)) {
      shows.put("k", "one");
      Map<String, String> form = form("save", "two");

      assertThat(shows.get("/ui/key?key=k").body()).doesNotContain("/ui/edit", "/ui/restore");
      assertThat(shows.get("/ui/").body()).doesNotContain("/ui/edit");
      assertThat(shows.get("/ui/edit?key=k").statusCode()).isEqualTo(403);
      assertThat(shows.send(shows.form("/ui/edit", form)).statusCode()).isEqualTo(403);
      assertThat(shows.send(shows.form("/ui/delete", form)).statusCode()).isEqualTo(403);
      assertThat(value()).isEqualTo("one");
    }
  }
}
