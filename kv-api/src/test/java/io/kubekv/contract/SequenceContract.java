package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Layout;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise 3: a name by number tells how many keys were made in the directory before. */
abstract class SequenceContract extends TransactionGroup {
  private static final int ROUNDS = 8;

  SequenceContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest numbered(String prefix) {
    return value("given by nobody", "1")
        .withPrecondition(Precondition.ABSENT)
        .withNaming(new Prefix(prefix), Naming.SEQUENCE);
  }

  private String made(String prefix) {
    return stored(numbered(prefix)).entry().key().text();
  }

  @Test
  void number_isThatOfTheKeysMadeInTheDirectory() {
    assertThat(made("q/n-")).isEqualTo("q/n-0000000000");
    put("q/other", "1");
    assertThat(made("q/m-")).isEqualTo("q/m-0000000002");
    assertThat(made("q/")).isEqualTo("q/0000000003");
    assertThat(get("q/0000000003")).isPresent();
  }

  private DirectoryLookup counted(String directory) {
    return Await.read(store().directory(new Prefix(directory), Freshness.LINEARIZABLE));
  }

  @Test
  void directory_tellsWhatIsCountedOfIt() {
    assertThat(counted("q/").changed()).isEqualTo(Revision.ZERO);
    put("q/a", "1");
    Revision last = put("q/b", "1").modifyRevision();
    put("q/a", "2");
    put("q/below/c", "1");
    assertThat(counted("q/")).isEqualTo(new DirectoryLookup(3, 3, revision(), revision()));

    Revision gone = deleted(removal("q/b")).revision();

    assertThat(counted("q/")).isEqualTo(new DirectoryLookup(3, 2, gone, gone));
    assertThat(counted("q/below/").children()).isEqualTo(1);
    assertThat(counted("q").children()).as("no directory").isZero();
    assertThat(Await.read(store().directory(new Prefix("q/"), new Freshness.At(last))).children())
        .as("as it was then")
        .isEqualTo(2);
  }

  @Test
  void number_ofPutsThatMakeNoKey_isNotHigher() {
    put("q/a", "1");
    put("q/a", "2");
    stored(value("q/a", "3").withMode(PutMode.REPLACE));
    refused(value("q/b", "1").withPrecondition(Precondition.PRESENT), Refused.Reason.MISSING);

    assertThat(made("q/n-")).isEqualTo("q/n-0000000001");
  }

  @Test
  void number_isNeverUsedAgain() {
    String first = made("q/n-");
    String second = made("q/n-");
    deleted(removal(second));
    assertThat(made("q/n-")).isEqualTo("q/n-0000000002");
    Await.change(store().deleteRange(exact(first)));

    assertThat(made("q/n-")).isEqualTo("q/n-0000000003");
  }

  @Test
  void number_isOfTheDirectoryAlone() {
    put("q", "1");
    put("qq/a", "1");
    assertThat(made("q/n-")).isEqualTo("q/n-0000000000");
    put("q/a/b", "1");
    put("q/a/c", "1");
    put("q/a", "1");
    assertThat(made("q/n-")).as("after the node q/a").isEqualTo("q/n-0000000002");

    stored(value("t/a/b/c", "1").withLayout(Layout.TREE));
    assertThat(made("t/a/n-")).as("after the parent b").isEqualTo("t/a/n-0000000001");
    assertThat(made("t/a/b/n-")).isEqualTo("t/a/b/n-0000000001");
  }

  @Test
  void number_atTheTop_risesWithEachKeyThere() {
    int first = Integer.parseInt(made("top-").substring("top-".length()));
    put("a", "1");
    put("below/a", "1");

    assertThat(made("top-")).isEqualTo("top-%010d".formatted(first + 3));
  }

  @Test
  void directoryThatIsGone_countsAnew() {
    made("q/n-");
    deleted(removal(made("q/n-")));
    deleted(removal("q/n-0000000000"));
    assertThat(made("q/n-")).as("nothing was left of it").isEqualTo("q/n-0000000000");

    put("q", "1");
    deleted(removal("q/n-0000000000"));
    assertThat(made("q/n-")).as("it has an entry").isEqualTo("q/n-0000000001");
    deleted(removal("q/n-0000000001"));
    deleted(removal("q"));
    assertThat(made("q/n-")).as("its entry was the last of it").isEqualTo("q/n-0000000000");
  }

  @Test
  void treeThatIsDeleted_countsAnew() {
    stored(value("t/q/a", "1").withLayout(Layout.TREE));
    Await.change(store().deleteRange(tree("t")));

    assertThat(made("t/q/n-")).isEqualTo("t/q/n-0000000000");
  }

  @Test
  void numbers_inATransaction_followEachOther() {
    committed(putting(numbered("q/n-")), putting("q/a", "1"), putting(numbered("q/n-")));
    assertThat(get("q/n-0000000000")).isPresent();
    assertThat(get("q/n-0000000002")).isPresent();

    rolledBack(putting(numbered("q/n-")), check("none", Precondition.PRESENT));

    assertThat(made("q/n-")).isEqualTo("q/n-0000000003");
  }

  @Test
  void number_thatIsThere_isPassedOver() {
    Entry there = put("q/n-0000000001", "1");

    assertThat(made("q/n-")).isEqualTo("q/n-0000000002");
    assertThat(get("q/n-0000000001")).contains(there);
  }

  /** As an import leaves it: fewer keys were made than their numbers tell. */
  @Test
  void number_isBehindThoseThatAreThere() {
    put("q/n-0000000005", "1");
    put("q/n-0000000007", "1");
    put("q/n-0000000008/below", "1");
    put("q/n-000000009", "1");

    assertThat(made("q/n-")).isEqualTo("q/n-0000000008");
    assertThat(made("q/n-")).isEqualTo("q/n-0000000009");
    assertThat(made("q/m-")).isEqualTo("q/m-0000000005");
  }

  @Test
  void number_withoutPrecondition_isOfANewKey() {
    PutRequest anyway = numbered("q/n-").withPrecondition(Precondition.NONE);
    Entry there = put("q/n-0000000001", "1");

    assertThat(stored(anyway).previous()).isEmpty();
    assertThat(stored(anyway).previous()).isEmpty();
    assertThat(get("q/n-0000000001")).contains(there);
  }

  @Test
  void numbers_ofManyAtOnce_areAllDifferentWithoutGaps() throws Exception {
    List<List<String>> keys =
        Together.run(
            4,
            harness().patience(),
            thread -> {
              List<String> own = new ArrayList<>();
              for (int i = 0; i < ROUNDS; i++) {
                own.add(made("q/n-"));
              }
              return own;
            });

    assertThat(keys.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 4 * ROUNDS).mapToObj("q/n-%010d"::formatted).toList());
  }

  @Test
  void numbers_goOn_afterARestart() {
    made("q/n-");
    deleted(removal(made("q/n-")));

    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertThat(made("q/n-")).isEqualTo("q/n-0000000002");
  }
}
