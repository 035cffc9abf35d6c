package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 2 for reads of the past: what stood at a revision, or that nobody can tell. */
abstract class OldRevisionContract extends TransactionGroup {
  private static final String KILOBYTE = "x".repeat(1024);

  OldRevisionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Override
  StoreSpec spec() {
    return StoreSpec.DEFAULT.withHistoryBytes(16 << 10);
  }

  private static Freshness at(Revision revision) {
    return new Freshness.At(revision);
  }

  private Lookup getAt(String key, Revision revision) {
    return Await.read(store().get(Key.of(key), at(revision)));
  }

  private Listing listAt(Range range, Revision revision) {
    return Await.read(store().list(ListRequest.of(range), at(revision)));
  }

  @Test
  void get_atARevision_isAsItWasThen() {
    Entry first = put("a", "1");
    Entry second = put("a", "2");
    Revision gone = deleted(removal("a")).revision();

    assertThat(getAt("a", first.modifyRevision()))
        .isEqualTo(new Lookup(Optional.of(first), first.modifyRevision()));
    assertThat(getAt("a", second.modifyRevision()).entry()).contains(second);
    assertThat(getAt("a", gone)).isEqualTo(new Lookup(Optional.empty(), gone));
    assertThat(get("a")).isEmpty();
  }

  @Test
  void list_atARevision_isAsItWasThen() {
    Entry a = put("p/a", "1");
    Entry b = put("p/b", "1");
    put("p/a", "2");
    Await.change(store().deleteRange(prefix("p/")));

    Listing then = listAt(prefix("p/"), b.modifyRevision());

    assertThat(then.entries()).containsExactly(a, b);
    assertThat(then.revision()).isEqualTo(b.modifyRevision());
    assertThat(listAt(prefix("p/"), revision()).entries()).isEmpty();
  }

  @Test
  void transaction_atARevision_readsWhatStoodThen() {
    Entry a = put("a", "1");
    put("a", "2");
    TransactionRequest request =
        TransactionRequest.of(get(Key.of("a")), listing(Range.all()))
            .withFreshness(at(a.modifyRevision()));

    TransactionOutcome.Committed outcome =
        (TransactionOutcome.Committed) Await.change(store().transact(request));

    assertThat(outcome.revision()).isEqualTo(a.modifyRevision());
    assertThat(found(outcome.results().get(0))).contains(a);
    assertThat(((Listing) outcome.results().get(1)).entries()).containsExactly(a);
  }

  @Test
  void revisionWithinATransaction_isSeenWhole() {
    put("a", "0");
    Revision both = committed(putting("a", "1"), putting("b", "1")).revision();
    put("a", "2");

    assertThat(listAt(Range.all(), both).entries().stream().map(entry -> entry.value().toText()))
        .containsExactly("1", "1");
  }

  @Test
  void future_isSaidByName() {
    Revision latest = put("a", "1").modifyRevision();

    FutureRevisionException early =
        catchThrowableOfType(FutureRevisionException.class, () -> getAt("a", latest.next().next()));

    assertThat(early.wanted()).isEqualTo(latest.next().next());
    assertThat(early.latest()).isEqualTo(latest);
    assertThat(early.advice()).isEqualTo(StoreException.Advice.DO_NOT_RETRY);
    assertThatThrownBy(() -> listAt(Range.all(), latest.next()))
        .isInstanceOf(FutureRevisionException.class);
    put("a", "2");
    assertThat(getAt("a", latest.next()).revision()).isEqualTo(latest.next());
  }

  @Test
  void forgotten_isSaidByNameWithTheFirstThatIsKnown() {
    Revision first = put("a", "1").modifyRevision();
    for (int i = 0; i < 1000 && !store().status().oldest().isAfter(first); i++) {
      put("filler", KILOBYTE + i);
    }

    CompactedException forgotten =
        catchThrowableOfType(CompactedException.class, () -> getAt("a", first));

    assertThat(forgotten.wanted()).isEqualTo(first);
    assertThat(forgotten.oldest()).isGreaterThan(first);
    assertThat(getAt("a", forgotten.oldest()).revision()).isEqualTo(forgotten.oldest());
    assertThatThrownBy(() -> listAt(Range.all(), first)).isInstanceOf(CompactedException.class);
    assertThatThrownBy(
            () ->
                Await.change(
                    store()
                        .transact(
                            TransactionRequest.of(List.of(get(Key.of("a"))))
                                .withFreshness(at(first)))))
        .isInstanceOf(CompactedException.class);
  }
}
