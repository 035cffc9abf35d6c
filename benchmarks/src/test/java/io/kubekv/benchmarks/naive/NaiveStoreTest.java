package io.kubekv.benchmarks.naive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NaiveStoreTest {
  private static EmbeddedApiServer server;
  private static int namespaces;

  private NaiveStore store;

  @BeforeAll
  static void startServer() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    store = NaiveServer.open(server.kubeconfig(), "naive-" + ++namespaces);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Entry put(String key, String value) {
    return stored(Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8(value))))).entry();
  }

  private Entry putInTree(String key, String value) {
    PutRequest request = PutRequest.of(Key.of(key), Bytes.utf8(value)).withLayout(Layout.TREE);
    return stored(Await.change(store.put(request))).entry();
  }

  private static PutOutcome.Stored stored(PutOutcome outcome) {
    assertThat(outcome).isInstanceOf(PutOutcome.Stored.class);
    return (PutOutcome.Stored) outcome;
  }

  private Optional<Entry> get(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE)).entry();
  }

  private List<String> keys(Range range) {
    return Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)).entries().stream()
        .map(entry -> entry.key().text())
        .toList();
  }

  @Test
  void put_isRead() {
    Entry first = put("a", "1");
    Entry second = put("a", "2");

    assertThat(get("a")).contains(second);
    assertThat(second.createRevision()).isEqualTo(first.modifyRevision());
    assertThat(second.modifyRevision().isAfter(first.modifyRevision())).isTrue();
    assertThat(second.version()).isEqualTo(2);
    assertThat(get("b")).isEmpty();
  }

  @Test
  void put_ofBytesThatAreNoText() {
    Bytes bytes = Bytes.copyOf(new byte[] {0, (byte) 0xff, 7});

    Await.change(store.put(PutRequest.of(Key.of("a"), bytes).withFlags(-1)));

    assertThat(get("a").orElseThrow().value()).isEqualTo(bytes);
    assertThat(get("a").orElseThrow().flags()).isEqualTo(-1);
  }

  @Test
  void put_underAPreconditionThatFails_isRefused() {
    Entry entry = put("a", "1");
    PutRequest next = PutRequest.of(Key.of("a"), Bytes.utf8("2"));

    PutOutcome exists = Await.change(store.put(next.withPrecondition(Precondition.ABSENT)));
    PutOutcome changed =
        Await.change(
            store.put(next.withPrecondition(new Precondition.RevisionIs(new Revision(1)))));
    PutOutcome missing =
        Await.change(
            store.put(
                PutRequest.of(Key.of("b"), Bytes.EMPTY).withPrecondition(Precondition.PRESENT)));

    assertThat(((Refused) exists).reason()).isEqualTo(Refused.Reason.EXISTS);
    assertThat(((Refused) changed).reason()).isEqualTo(Refused.Reason.CHANGED);
    assertThat(((Refused) changed).entry()).contains(entry);
    assertThat(((Refused) missing).reason()).isEqualTo(Refused.Reason.MISSING);
    assertThat(get("a")).contains(entry);
  }

  @Test
  void put_onTheKnownRevision_isDone() {
    Entry entry = put("a", "1");
    PutRequest next =
        PutRequest.of(Key.of("a"), Bytes.utf8("2"))
            .withPrecondition(new Precondition.RevisionIs(entry.modifyRevision()));

    assertThat(stored(Await.change(store.put(next))).previous()).contains(entry);
    assertThat(Await.change(store.put(next))).isInstanceOf(Refused.class);
  }

  @Test
  void putInTree_makesDirectoriesAbove() {
    putInTree("a/b/c", "1");

    assertThat(keys(new Range.Tree(Key.of("a")))).containsExactly("a", "a/b", "a/b/c");
    assertThat(get("a/b").orElseThrow().isDirectory()).isTrue();
    PutOutcome below =
        Await.change(
            store.put(PutRequest.of(Key.of("a/b/c/d"), Bytes.EMPTY).withLayout(Layout.TREE)));
    assertThat(((Refused) below).reason()).isEqualTo(Refused.Reason.NOT_A_DIRECTORY);
  }

  @Test
  void list_isOfItsRangeInOrder() {
    List.of("ab", "a/c", "a", "a/b/x", "b").forEach(key -> put(key, "1"));

    assertThat(keys(new Range.Tree(Key.of("a")))).containsExactly("a", "a/b/x", "a/c");
    assertThat(keys(new Range.WithPrefix(new Prefix("a/")))).containsExactly("a/b/x", "a/c");
    assertThat(keys(new Range.WithPrefix(new Prefix("a")))).hasSize(4);
    assertThat(keys(new Range.Exact(Key.of("b")))).containsExactly("b");
    assertThat(keys(Range.all())).containsExactly("a", "a/b/x", "a/c", "ab", "b");
  }

  @Test
  void list_ofOneLevel() {
    List.of("a/b/x", "a/b/y", "a/c").forEach(key -> put(key, "1"));

    Listing listing =
        Await.read(
            store.list(
                ListRequest.oneLevel(new Range.WithPrefix(new Prefix("a/"))),
                Freshness.LINEARIZABLE));

    assertThat(listing.entries()).extracting(entry -> entry.key().text()).containsExactly("a/c");
    assertThat(listing.prefixes()).containsExactly(new Prefix("a/b/"));
  }

  @Test
  void delete_ofOneAndOfATree() {
    Entry entry = put("a", "1");
    putInTree("t/x", "1");
    putInTree("t/y", "1");

    DeleteOutcome deleted = Await.change(store.delete(DeleteRequest.of(Key.of("a"))));
    DeleteOutcome notEmpty =
        Await.change(store.delete(DeleteRequest.of(Key.of("t")).orDirectory()));

    assertThat(((DeleteOutcome.Deleted) deleted).previous()).isEqualTo(entry);
    assertThat(((DeleteOutcome.Deleted) deleted).revision().isAfter(entry.modifyRevision()))
        .isTrue();
    assertThat(((Refused) notEmpty).reason()).isEqualTo(Refused.Reason.NOT_EMPTY);
    assertThat(Await.change(store.deleteRange(new Range.Tree(Key.of("t")))).count()).isEqualTo(3);
    assertThat(keys(Range.all())).isEmpty();
    assertThat(Await.change(store.delete(DeleteRequest.of(Key.of("a")))))
        .isInstanceOf(Refused.class);
  }

  @Test
  void watch_tellsEachChangeOfItsRange() throws InterruptedException {
    put("w/a", "before");
    try (Watch watch = store.watch(WatchRequest.fromNow(new Range.Tree(Key.of("w"))))) {
      Entry made = put("w/b", "1");
      put("x", "1");
      Await.change(store.delete(DeleteRequest.of(Key.of("w/b"))));

      assertThat(watch.next(Duration.ofSeconds(5)).orElseThrow())
          .isInstanceOf(WatchEvent.Progress.class);
      assertThat(watch.next(Duration.ofSeconds(5)))
          .contains(new WatchEvent.Put(made, Optional.empty(), Cause.SET));
      assertThat(watch.next(Duration.ofSeconds(5)).orElseThrow())
          .isInstanceOfSatisfying(
              WatchEvent.Delete.class,
              gone -> assertThat(gone.previous().key()).isEqualTo(Key.of("w/b")));
    }
  }

  @Test
  void watch_fromARevisionTellsThePast() throws InterruptedException {
    Entry first = put("w", "1");
    Entry second = put("w", "2");
    Range range = new Range.Exact(Key.of("w"));

    try (Watch watch = store.watch(WatchRequest.from(range, first.modifyRevision().next()))) {
      watch.next(Duration.ofSeconds(5));

      assertThat(watch.next(Duration.ofSeconds(5)))
          .contains(new WatchEvent.Put(second, Optional.empty(), Cause.SET));
    }
  }

  @Test
  void watch_thatIsClosedEndsItsWaiting() throws InterruptedException {
    Watch watch = store.watch(WatchRequest.fromNow(Range.all()));
    watch.next(Duration.ofSeconds(5));
    Thread waiting =
        Thread.startVirtualThread(
            () -> {
              try {
                watch.next(Duration.ofDays(20_000));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    watch.close();

    assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void timeToLive_endsTheEntry() {
    Await.change(
        store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY).withTimeToLive(Duration.ofMillis(50))));

    await().until(() -> get("a").isEmpty());
  }

  @Test
  void whatItCannot_isRefusedByName() {
    PutRequest locking =
        PutRequest.of(Key.of("a"), Bytes.EMPTY)
            .withLocking(
                new Locking.Acquire(
                    SessionId.parse("00000000-0000-0000-0000-000000000001").orElseThrow()));

    assertThatThrownBy(() -> Await.change(store.put(locking))).hasMessageContaining("no locks");
    assertThatThrownBy(store::sessions).hasMessageContaining("no sessions");
    assertThatThrownBy(
            () ->
                Await.change(
                    store.transact(new TransactionRequest(List.of(), Freshness.LINEARIZABLE))))
        .hasMessageContaining("no transactions");
  }
}
