package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.watch.Occurrence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes on their way to browsers. */
final class LiveTest {
  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(store, false);

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private static Change change(int revision) {
    Key key = Key.of("k" + revision);
    Entry entry =
        new Entry(
            key,
            Kind.VALUE,
            Bytes.utf8("v"),
            0,
            new Revision(revision),
            new Revision(revision),
            1,
            Optional.empty(),
            LockState.NONE);
    return new Change(
        key, new Revision(revision), Cause.SET, Optional.of(entry), Optional.empty(), Author.NONE);
  }

  /** What a browser reads of a stream. */
  private final class Reader implements AutoCloseable {
    private final HttpResponse<InputStream> answer;
    private final BufferedReader lines;

    Reader(HttpRequest request) throws Exception {
      answer = page.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** The next line that begins like that. */
    String next(String beginning) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(beginning)) {
          return line;
        }
      }
      throw new AssertionError("the stream has ended before " + beginning);
    }

    @Override
    public void close() throws IOException {
      answer.body().close();
    }
  }

  @Test
  void changes_areSentAsTheyHappen() throws Exception {
    page.put("other/1", "x");
    HttpRequest request = page.request("/ui/events?prefix=app%2F").build();
    try (Reader reader = new Reader(request)) {
      page.put("other/2", "x");
      page.put("app/1", "<b>\nevent: other\n\ndata: x");

      assertThat(reader.answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(reader.next("event:")).isEqualTo("event: change");
      assertThat(reader.next("id:")).isEqualTo("id: " + store.status().revision() + ".1");
      assertThat(reader.next("data:"))
          .contains("<li id=\"live1\">", "/ui/key?key=app%2F1", "&lt;b&gt;⟨U+000A⟩event: other");
    }
    await().untilAsserted(() -> assertThat(page.streams().size()).isZero());
  }

  @Test
  void browserThatComesBack_missesNothing() throws Exception {
    page.put("a", "1");
    String seen = store.status().revision() + ".1";
    page.put("b", "2");
    page.put("c", "3");
    HttpRequest request = page.request("/ui/events").header("Last-Event-ID", seen).build();
    try (Reader reader = new Reader(request)) {
      String rows = reader.next("data:");
      if (!rows.contains("key=c")) { // they may come one by one
        rows += reader.next("data:");
      }
      assertThat(rows).contains("key=b", "key=c").doesNotContain("key=a");
    }
  }

  /** Which the history does not have any more: it goes on from now, and says so first. */
  @Test
  void browserThatComesBackTooLate_isToldThatItMayHaveMissedChanges() throws Exception {
    page.put("a", "1");
    String seen = store.status().revision() + ".1";
    page.put("b", "2");
    page.put("c", "3");
    Await.change(store.compact(store.status().revision()));
    HttpRequest request = page.request("/ui/events").header("Last-Event-ID", seen).build();
    try (Reader reader = new Reader(request)) {
      assertThat(reader.next("data:")).contains("Changes may have been missed");
      page.put("d", "4");

      assertThat(reader.next("data:")).contains("key=d").doesNotContain("key=c");
    }
  }

  @Test
  void screen_showsTheLatest_andGoesOnBehindThem() throws Exception {
    page.put("a", "1");
    page.put("b", "2");

    String body = page.get("/ui/watch").body();

    long next = store.status().revision().value() + 1;
    assertThat(body)
        .contains("sse-connect=\"/ui/events?prefix=&amp;since=" + next + "\"", "<noscript>")
        .containsPattern("(?s)key=b.*key=a");
  }

  @Test
  void closedServer_endsItsStreams() throws Exception {
    try (Reader reader = new Reader(page.request("/ui/events").build())) {
      page.streams().close();

      assertThatThrownBy(() -> reader.next("event:")).hasMessageContaining("has ended");
      assertThat(page.get("/ui/events").statusCode()).isEqualTo(429);
    }
  }

  @Test
  void moreThanPeopleRead_isCounted() {
    LiveStream live = live(new Range.WithPrefix(new Prefix("k")));
    for (int i = 1; i <= LiveStream.WAITING + 7; i++) {
      WatchEvent put =
          new WatchEvent.Put(change(i).entry().orElseThrow(), Optional.empty(), Cause.SET);

      assertThat(live.deliver(new Occurrence(put))).isTrue();
    }

    assertThat(live.skipped()).isEqualTo(7);
    assertThat(live.waiting().getFirst()).isEqualTo(change(8));
    assertThat(live.waiting().getLast()).isEqualTo(change(LiveStream.WAITING + 7));
    assertThat(new LiveRows().of(List.of(placed(1)), 7)).contains("7 changes came too fast");
  }

  @Test
  void endedStream_takesNoMore() {
    LiveStream live = live(Range.all());
    boolean[] ended = new boolean[1];
    live.opened(() -> ended[0] = true);

    live.end();

    assertThat(ended[0]).isTrue();
    assertThat(
            live.deliver(
                new Occurrence(
                    new WatchEvent.Put(
                        change(1).entry().orElseThrow(), Optional.empty(), Cause.SET))))
        .isFalse();
  }

  @Test
  void browser_isToldToDropOldRows() {
    LiveRows rows = new LiveRows();
    for (int i = 1; i <= LiveRows.SHOWN; i++) {
      assertThat(rows.of(List.of(placed(i)), 0)).doesNotContain("delete\">");
    }

    assertThat(rows.of(List.of(placed(1000)), 0))
        .contains("<li id=\"live" + (LiveRows.SHOWN + 1) + "\">")
        .contains("<li id=\"live1\" hx-swap-oob=\"delete\">");
  }

  private static LiveStream.Placed placed(int revision) {
    return new LiveStream.Placed(change(revision), new Place(new Revision(revision), 1));
  }

  private static LiveStream live(Range range) {
    return new LiveStream(range, Place.START);
  }

  /** One change of several keys, of which the stream told some: it goes on with the others. */
  @Test
  void browserThatLeftWithinARevision_missesNothingOfIt_andSeesNothingTwice() throws Exception {
    for (String key : List.of("a", "b", "c")) {
      page.put("old/" + key, "1");
    }
    RangeDeleted deleted =
        Await.change(store.deleteRange(new Range.WithPrefix(new Prefix("old/"))));
    String seen = deleted.revision() + ".2";
    page.put("new", "1");
    HttpRequest request = page.request("/ui/events").header("Last-Event-ID", seen).build();
    try (Reader reader = new Reader(request)) {
      assertThat(reader.next("id:"))
          .isIn("id: " + deleted.revision() + ".3", "id: " + store.status().revision() + ".1");
      String rows = reader.next("data:");
      if (!rows.contains("key=new")) { // they may come one by one
        rows += reader.next("data:");
      }
      assertThat(rows).containsOnlyOnce("key=old%2F").containsOnlyOnce("key=new");
    }
  }

  @Test
  void place_isReadAsItIsWritten_andNothingElseIs() {
    Place place = new Place(new Revision(7), 3);

    assertThat(Place.parse(place.text())).contains(place);
    for (String other :
        List.of("", "7", "7.", ".3", "-7.3", "7.3.1", "7.x", "9".repeat(19) + ".1")) {
      assertThat(Place.parse(other)).as(other).isEmpty();
    }
  }

  @Test
  void streams_areBounded_ofAClientAndInAll() {
    Streams streams = new Streams();
    LiveStream first = live(Range.all());
    streams.add("a", first);
    for (int i = 1; i < Streams.OF_CLIENT; i++) {
      streams.add("a", live(Range.all()));
    }

    assertThatThrownBy(() -> streams.add("a", live(Range.all())))
        .hasMessageContaining("at most " + Streams.OF_CLIENT);
    streams.remove("a", first);
    streams.remove("a", first);
    streams.add("a", live(Range.all()));
    for (int i = streams.size(); i < Streams.OF_ALL; i++) {
      streams.add("client " + i, live(Range.all()));
    }
    assertThatThrownBy(() -> streams.add("b", live(Range.all())))
        .hasMessageContaining("at most " + Streams.OF_ALL);
  }
}
