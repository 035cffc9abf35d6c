package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: a name that the store chooses is chosen in the moment of the change. */
abstract class NamingContract extends TransactionGroup {
  private static final int ROUNDS = 8;

  NamingContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest named(String prefix, String value) {
    return value("given by nobody", value)
        .withPrecondition(Precondition.ABSENT)
        .withNaming(new Prefix(prefix), Naming.REVISION);
  }

  private static Key keyOf(String prefix, Revision revision) {
    return Key.of(prefix + "%020d".formatted(revision.value()));
  }

  @Test
  void name_isTheRevisionOfThePut() {
    put("a", "1");

    Entry first = stored(named("q/", "1")).entry();
    Entry second = stored(named("q/", "2")).entry();
    Entry atTheTop = stored(named("", "3")).entry();

    assertThat(first.key()).isEqualTo(keyOf("q/", first.modifyRevision()));
    assertThat(second.key()).isEqualTo(keyOf("q/", first.modifyRevision().next()));
    assertThat(atTheTop.key()).isEqualTo(keyOf("", second.modifyRevision().next()));
    assertThat(get(second.key().text())).contains(second);
  }

  @Test
  void names_ofManyAtOnce_riseWithTheirRevisions() throws Exception {
    List<List<Entry>> entries =
        Together.run(
            4,
            harness().patience(),
            thread -> {
              List<Entry> own = new ArrayList<>();
              for (int i = 0; i < ROUNDS; i++) {
                own.add(stored(named("q/", thread + "/" + i)).entry());
                put("other" + thread, "1");
              }
              return own;
            });

    assertThat(entries.stream().flatMap(List::stream))
        .hasSize(4 * ROUNDS)
        .allSatisfy(
            entry -> assertThat(entry.key()).isEqualTo(keyOf("q/", entry.modifyRevision())));
  }

  @Test
  void name_ofARefusedPut_isTheNextOnes() {
    Revision before = put("file", "1").modifyRevision();

    Refused refused =
        (Refused) Await.change(store().put(named("file/", "1").withLayout(Layout.TREE)));
    Entry entry = stored(named("q/", "1").withLayout(Layout.TREE)).entry();

    assertThat(refused.reason()).isEqualTo(Refused.Reason.NOT_A_DIRECTORY);
    assertThat(entry.key()).isEqualTo(keyOf("q/", before.next()));
    assertThat(get("q").orElseThrow().createRevision()).isEqualTo(before.next());
  }

  @Test
  void name_thatIsThere_isRefused() {
    Revision before = put("a", "1").modifyRevision();
    Key taken = keyOf("q/", before.next().next());
    put(taken.text(), "1");

    Refused refused = (Refused) Await.change(store().put(named("q/", "2")));

    assertThat(refused.reason()).isEqualTo(Refused.Reason.EXISTS);
    assertThat(refused.entry().map(Entry::key)).contains(taken);
  }

  @Test
  void names_inATransaction_areOfItsRevision() {
    Revision before = put("a", "1").modifyRevision();

    Revision revision =
        committed(putting(named("q/", "1")), putting("b", "1"), putting(named("r/", "1")))
            .revision();

    assertThat(revision).isEqualTo(before.next());
    assertThat(get(keyOf("q/", revision).text())).isPresent();
    assertThat(get(keyOf("r/", revision).text())).isPresent();
    Refused refused = failure(rolledBack(putting(named("q/", "1")), putting(named("q/", "2"))), 1);
    assertThat(refused.reason()).isEqualTo(Refused.Reason.EXISTS);
  }
}
