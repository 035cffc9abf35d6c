package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.EngineStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One level of the keys, page by page. */
final class LevelsTest {
  private final EngineStore store = EngineStore.inMemory();

  @AfterEach
  void close() {
    store.close();
  }

  private void put(String... keys) {
    for (String key : keys) {
      Await.change(store.put(PutRequest.of(Key.of(key), Bytes.EMPTY)));
    }
  }

  private Level level(String prefix) {
    return Levels.read(store, new Prefix(prefix), Optional.empty());
  }

  private static List<String> texts(Level level) {
    return level.children().stream().map(Level.Child::text).toList();
  }

  /** All pages of a level, one after the other. */
  private List<String> all(KeyValueStore of, String prefix) {
    List<String> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Level page = Levels.read(of, new Prefix(prefix), after);
      all.addAll(texts(page));
      after = page.more();
    } while (after.isPresent());
    return all;
  }

  @Test
  void keysThatShareASlash_areOneChild_withTheirNumber() {
    put("a", "a/1", "a/2/x", "b/1", "c");

    Level top = level("");

    assertThat(texts(top)).containsExactly("a", "a/", "b/", "c");
    assertThat(top.children()).extracting(Level.Child::keys).containsExactly(1L, 2L, 1L, 1L);
    assertThat(top.keys()).isEqualTo(5);
    assertThat(texts(level("a/"))).containsExactly("a/1", "a/2/");
  }

  @Test
  void prefixWithoutSlash_isSearched() {
    put("docker/network/1", "docker/nodes/2", "docker/x", "dockers");

    assertThat(texts(level("docker/n"))).containsExactly("docker/network/", "docker/nodes/");
    assertThat(texts(level("docker"))).containsExactly("docker/", "dockers");
  }

  @Test
  void keysWithOddSlashes_areEachShownOnce() {
    put("/", "/a", "//b", "x/", "x//y", "x/z");

    assertThat(texts(level(""))).containsExactly("/", "x/");
    assertThat(texts(level("/"))).containsExactly("/", "//", "/a");
    assertThat(texts(level("x/"))).containsExactly("x/", "x//", "x/z");
  }

  @Test
  void pages_haveEveryChildOnce_whateverIsBelow() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      keys.add("t/%03d".formatted(i));
      keys.add("t/%03d/a".formatted(i));
      keys.add("t/%03d/b/c".formatted(i));
    }
    put(keys.toArray(String[]::new));

    List<String> all = all(store, "t/");

    assertThat(all).hasSize(260).doesNotHaveDuplicates();
    assertThat(all.subList(0, 3)).containsExactly("t/000", "t/000/", "t/001");
  }

  @Test
  void lastCharactersOfUnicode_haveAPageBehindThem() {
    String last = Character.toString(Character.MAX_CODE_POINT);
    put(last, last + "/a", last + last);

    assertThat(all(store, "")).containsExactly(last, last + "/", last + last);
    assertThat(all(store, last)).containsExactly(last, last + "/", last + last);
  }

  @Test
  void pageBehindAKeyOfAnotherLevel_isRefused() {
    assertThatThrownBy(() -> Levels.read(store, new Prefix("a/"), Optional.of("b")))
        .isInstanceOf(PageError.class);
  }

  /** Counts what a page asks of the store. */
  private static final class Counting extends DelegatingStore {
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger entries = new AtomicInteger();

    Counting(KeyValueStore store) {
      super(store);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      lists.incrementAndGet();
      return inner()
          .list(request, freshness)
          .thenApply(
              listing -> {
                entries.addAndGet(listing.entries().size());
                return listing;
              });
    }
  }

  @Test
  void pageOfAHundredThousandKeys_readsNoMoreThanItShows() {
    for (int folder = 0; folder < 200; folder++) {
      List<TransactionOperation> puts = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        Key key = Key.of("big/%03d/%03d".formatted(folder, i));
        puts.add(new TransactionOperation.Put(PutRequest.of(key, Bytes.EMPTY)));
      }
      Await.change(store.transact(TransactionRequest.of(puts)));
    }
    Counting counting = new Counting(store);

    Level page = Levels.read(counting, new Prefix("big/"), Optional.empty());

    assertThat(page.keys()).isEqualTo(100_000);
    assertThat(page.children()).hasSize(Levels.PAGE);
    assertThat(page.children()).allMatch(child -> child.keys() == 500);
    assertThat(counting.lists.get()).isLessThanOrEqualTo(2 * Levels.PAGE + 3);
    assertThat(counting.entries.get()).isLessThan(100 * 140);
    assertThat(all(store, "big/")).hasSize(200);
    assertThat(all(store, "big/007/")).hasSize(500);
  }
}
