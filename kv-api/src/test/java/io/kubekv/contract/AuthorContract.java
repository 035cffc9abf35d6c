package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4: what a watch tells names who made it. */
class AuthorContract extends ContractGroup {
  private static final Author ALICE = new Author("etcd-v2", "alice");
  private static final Author BOB = new Author("consul", "b\u00f6b");

  AuthorContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void put_namesWhoMadeIt_andItsParentsToo() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    stored(treeValue("d/a", "1").withAuthor(ALICE));
    stored(value("b", "1").withAuthor(BOB));
    put("b", "2");

    WatchEvent.Put parent = changes.nextPut();
    assertThat(parent.cause()).isEqualTo(Cause.PARENT);
    assertThat(parent.author()).isEqualTo(ALICE);
    assertThat(changes.nextPut().author()).isEqualTo(ALICE);
    assertThat(changes.nextPut().author()).isEqualTo(BOB);
    assertThat(changes.nextPut().author()).as("of a put of nobody").isEqualTo(Author.NONE);
  }

  @Test
  void delete_namesWhoMadeIt() throws Exception {
    stored(value("a", "1").withAuthor(ALICE));
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    deleted(removal("a").withAuthor(BOB));

    assertThat(changes.nextDelete().author()).isEqualTo(BOB);
  }

  @Test
  void deleteOfARange_namesWhoMadeItInEachEvent() throws Exception {
    stored(value("a/1", "1"));
    stored(value("a/2", "1"));
    stored(treeValue("d/1", "1"));
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    var many = Await.change(store().deleteRange(new DeleteRangeRequest(prefix("a/"), ALICE)));
    var one = Await.change(store().deleteRange(new DeleteRangeRequest(tree("d"), BOB)));

    assertThat(many.count()).isEqualTo(2);
    assertThat(one.count()).isEqualTo(2);
    assertThat(changes.nextDelete().author()).isEqualTo(ALICE);
    assertThat(changes.nextDelete().author()).isEqualTo(ALICE);
    WatchEvent.Delete whole = changes.nextDelete();
    assertThat(whole.below()).hasSize(1);
    assertThat(whole.author()).isEqualTo(BOB);
  }

  @Test
  void transaction_namesWhoMadeIt_whateverItsOperationsSay() throws Exception {
    put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    var unused =
        Await.change(
            store()
                .transact(
                    TransactionRequest.of(
                            new TransactionOperation.Put(value("b", "1").withAuthor(BOB)),
                            new TransactionOperation.Delete(removal("a").withAuthor(BOB)))
                        .withAuthor(ALICE)));

    assertThat(changes.nextPut().author()).isEqualTo(ALICE);
    assertThat(changes.nextDelete().author()).isEqualTo(ALICE);
  }

  @Test
  void watchOfThePast_namesWhoMadeIt() throws Exception {
    stored(value("a", "1").withAuthor(ALICE));
    deleted(removal("a").withAuthor(BOB));
    stored(value("c", "1").withAuthor(ALICE));

    Changes changes = watch(WatchRequest.fromOldest(new Range.Exact(Key.of("a"))));

    assertThat(changes.nextPut().author()).isEqualTo(ALICE);
    assertThat(changes.nextDelete().author()).isEqualTo(BOB);
  }
}
