package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.engine.EngineStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the store remembers of keys. */
final class HistoryTest {
  private static final Key KEY = Key.of("a/b");

  private final EngineStore store = EngineStore.inMemory();

  @AfterEach
  void close() {
    store.close();
  }

  private void put(Key key, String value) {
    Await.change(store.put(PutRequest.of(key, Bytes.utf8(value))));
  }

  private History history() {
    return History.of(store, new Range.Exact(KEY));
  }

  private static String value(Change change) {
    return change.entry().map(entry -> entry.value().toText()).orElse("gone");
  }

  @Test
  void changesOfAKey_areThere_newestFirst() {
    put(KEY, "1");
    put(Key.of("a/c"), "other");
    put(KEY, "2");
    Await.change(store.delete(DeleteRequest.of(KEY)));

    History history = history();

    assertThat(history.changes()).extracting(HistoryTest::value).containsExactly("gone", "2", "1");
    assertThat(history.changes().getFirst().cause()).isEqualTo(Cause.DELETE);
    assertThat(history.changes().getFirst().previous().orElseThrow().value().toText())
        .isEqualTo("2");
    assertThat(history.cut()).isFalse();
    assertThat(history.at(history.changes().get(1).revision())).contains(history.changes().get(1));
    assertThat(history.at(new Revision(1000))).isEmpty();
  }

  @Test
  void changesOfAKey_sayWhoMadeThem() {
    Author alice = new Author("etcd-v2", "ali\u202ece");
    Await.change(store.put(PutRequest.of(KEY, Bytes.utf8("1")).withAuthor(alice)));
    Await.change(store.delete(DeleteRequest.of(KEY).withAuthor(new Author("consul", ""))));
    put(KEY, "2");

    assertThat(history().changes().stream().map(change -> Happening.of(change, false)))
        .extracting(Happening::user, Happening::door)
        .containsExactly(
            tuple("", ""), tuple("", "consul"), tuple(Visible.of(alice.user()), "etcd v2"));
    assertThat(Visible.of(alice.user())).doesNotContain("\u202e");
  }

  @Test
  void keyDeletedWithATree_isGone() {
    put(Key.of("a"), "");
    put(KEY, "1");
    Await.change(store.deleteRange(new Range.Tree(Key.of("a"))));

    assertThat(history().changes()).extracting(HistoryTest::value).containsExactly("gone", "1");
  }

  @Test
  void ofManyChanges_theLatestAreThere() {
    for (int i = 0; i < 150; i++) {
      put(KEY, "" + i);
    }

    assertThat(history().changes()).hasSize(History.SHOWN);
    assertThat(value(history().changes().getFirst())).isEqualTo("149");
    assertThat(history().cut()).isTrue();
  }

  @Test
  void whatIsForgotten_isNotThere() {
    put(KEY, "1");
    put(KEY, "2");
    Revision last = history().changes().getFirst().revision();
    Await.change(store.compact(last));

    assertThat(history().oldest()).isEqualTo(last);
    assertThat(history().changes()).extracting(HistoryTest::value).containsExactly("2");
  }

  @Test
  void keysThatAreGone_areThoseThatDidNotComeBack() {
    for (String key : new String[] {"x/1", "x/2", "x/3", "y"}) {
      put(Key.of(key), key);
      Await.change(store.delete(DeleteRequest.of(Key.of(key))));
    }
    put(Key.of("x/2"), "again");

    History gone = History.ofDeleted(store, new Prefix("x/"));

    assertThat(gone.changes())
        .extracting(change -> change.key().text())
        .containsExactly("x/3", "x/1");
  }
}
