package io.kubekv.transport.decorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthoredStoreTest {
  private static final Author OWN = new Author("etcd-v2", "alice");
  private static final Author CLAIMED = new Author("page", "bob");
  private static final PutRequest PUT = PutRequest.of(Key.of("a"), Bytes.utf8("1"));

  private final KeyValueStore store = EngineStore.inMemory();

  @AfterEach
  void close() {
    store.close();
  }

  private AuthoredStore own(boolean known, BooleanSupplier decided) {
    AuthoredStore.Claims claims =
        new AuthoredStore.Claims() {
          @Override
          public boolean isKnown() {
            return known;
          }

          @Override
          public boolean isTrue() {
            return decided.getAsBoolean();
          }
        };
    return AuthoredStore.by("etcd-v2", store, claims).as("alice", claims);
  }

  private static boolean neverAsked() {
    throw new AssertionError("asked for nothing");
  }

  /** Of all that happened. */
  private List<Author> authors() throws InterruptedException {
    List<Author> authors = new ArrayList<>();
    try (Watch watch = store.watch(WatchRequest.fromOldest(Range.all()))) {
      WatchEvent event = watch.next(Duration.ofSeconds(30)).orElseThrow();
      while (!(event instanceof WatchEvent.Progress)) {
        authors.add(
            switch (event) {
              case WatchEvent.Put put -> put.author();
              case WatchEvent.Delete delete -> delete.author();
              default -> throw new AssertionError("no change: " + event);
            });
        event = watch.next(Duration.ofSeconds(30)).orElseThrow();
      }
    }
    return authors;
  }

  @Test
  void eachChange_namesDoorAndUser() throws Exception {
    AuthoredStore own = own(false, AuthoredStoreTest::neverAsked);

    Await.change(own.put(PUT));
    Await.change(own.delete(DeleteRequest.of(PUT.key())));
    Await.change(own.transact(TransactionRequest.of(new TransactionOperation.Put(PUT))));
    Await.change(own.deleteRange(Range.all()));

    assertThat(authors()).containsExactly(OWN, OWN, OWN, OWN);
  }

  @Test
  void userWithoutAName_isNamedByTheDoorAlone() throws Exception {
    AuthoredStore nameless =
        AuthoredStore.by(
            "consul",
            store,
            new AuthoredStore.Claims() {
              @Override
              public boolean isKnown() {
                return false;
              }

              @Override
              public boolean isTrue() {
                return false;
              }
            });

    Await.change(nameless.put(PUT));
    Await.change(nameless.put(PUT.withAuthor(CLAIMED)));

    assertThat(authors()).containsExactly(new Author("consul", ""), new Author("consul", ""));
  }

  @Test
  void claim_ofAReplica_counts() throws Exception {
    Await.change(own(true, AuthoredStoreTest::neverAsked).put(PUT.withAuthor(CLAIMED)));
    Await.change(own(false, () -> true).put(PUT.withAuthor(CLAIMED)));
    Await.change(
        own(true, AuthoredStoreTest::neverAsked)
            .delete(DeleteRequest.of(PUT.key()).withAuthor(CLAIMED)));

    assertThat(authors()).containsExactly(CLAIMED, CLAIMED, CLAIMED);
  }

  @Test
  void claim_ofAnybodyElse_countsForNothing() throws Exception {
    AuthoredStore own = own(false, () -> false);

    Await.change(own.put(PUT.withAuthor(CLAIMED)));
    Await.change(
        own.transact(TransactionRequest.of(new TransactionOperation.Put(PUT)).withAuthor(CLAIMED)));

    assertThat(authors()).containsExactly(OWN, OWN);
  }

  @Test
  void claim_thatCannotBeDecided_changesNothing() {
    AuthoredStore own =
        own(
            false,
            () -> {
              throw new UnavailableException("nobody knows");
            });

    assertThatThrownBy(() -> Await.change(own.put(PUT.withAuthor(CLAIMED))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("nobody knows");
    assertThat(Await.read(store.get(PUT.key(), Freshness.LINEARIZABLE)).entry()).isEmpty();
  }
}
