package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Comparison;
import io.kubekv.Comparison.Relation;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: a transaction chooses by the state before it, and does what it chose. */
abstract class ChoiceContract extends TransactionGroup {
  private static final int ROUNDS = 20;
  private static final List<TransactionOperation> NOTHING = List.of();

  ChoiceContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  static Comparison compare(String key, Comparison.Subject subject, Relation relation) {
    return Comparison.of(Key.of(key), subject, relation);
  }

  /** That a key has no entry. */
  private static Comparison isAbsent(String key) {
    return compare(key, new Comparison.Version(0), Relation.EQUAL);
  }

  static TransactionOperation choice(
      Comparison comparison,
      List<TransactionOperation> then,
      List<TransactionOperation> otherwise) {
    return new TransactionOperation.Choice(List.of(comparison), then, otherwise);
  }

  private static TransactionResult.Chosen chosen(TransactionResult result) {
    assertThat(result).isInstanceOf(TransactionResult.Chosen.class);
    return (TransactionResult.Chosen) result;
  }

  private boolean holds(Comparison... comparisons) {
    TransactionOperation asked =
        new TransactionOperation.Choice(List.of(comparisons), NOTHING, NOTHING);
    return chosen(committed(asked).results().getFirst()).held();
  }

  private boolean holds(Range range, Comparison.Subject subject, Relation relation) {
    return holds(new Comparison(range, subject, relation));
  }

  @Test
  void held_doesThenAlone() {
    TransactionOutcome.Committed outcome =
        committed(
            choice(
                isAbsent("a"),
                List.of(putting("a", "1"), get(Key.of("a"))),
                List.of(putting("b", "1"))));

    TransactionResult.Chosen chosen = chosen(outcome.results().getFirst());
    Entry a = get("a").orElseThrow();
    assertThat(chosen.held()).isTrue();
    assertThat(chosen.results()).hasSize(2);
    assertThat(stored(chosen.results().get(0)).entry()).isEqualTo(a);
    assertThat(found(chosen.results().get(1))).contains(a);
    assertThat(chosen.revision()).isEqualTo(outcome.revision()).isEqualTo(a.modifyRevision());
    assertThat(get("b")).isEmpty();
  }

  @Test
  void notHeld_doesOtherwiseAlone() {
    Entry a = put("a", "1");

    TransactionOutcome.Committed outcome =
        committed(
            choice(
                isAbsent("a"),
                List.of(putting("a", "2"), putting("b", "1")),
                List.of(get(Key.of("a")))));

    TransactionResult.Chosen chosen = chosen(outcome.results().getFirst());
    assertThat(chosen.held()).isFalse();
    assertThat(chosen.results()).hasSize(1);
    assertThat(found(chosen.results().getFirst())).contains(a);
    assertThat(revision()).as("nothing was changed").isEqualTo(a.modifyRevision());
  }

  @Test
  void allComparisons_haveToHold() {
    put("a", "1");

    assertThat(holds()).isTrue();
    assertThat(holds(isAbsent("b"), isAbsent("c"))).isTrue();
    assertThat(holds(isAbsent("b"), isAbsent("a"))).isFalse();
  }

  @Test
  void values_areComparedAsUnsignedBytes() {
    byte[] high = {(byte) 0x80};
    put("a", "m");
    put("prefix", "ab");
    Await.change(store().put(PutRequest.of(Key.of("high"), Bytes.copyOf(high))));

    assertCompared("a", new Comparison.Value(bytes("m")), 0);
    assertCompared("a", new Comparison.Value(bytes("z")), -1);
    assertCompared("a", new Comparison.Value(bytes("b")), 1);
    assertCompared("prefix", new Comparison.Value(bytes("a")), 1);
    assertCompared("prefix", new Comparison.Value(bytes("abc")), -1);
    assertCompared("high", new Comparison.Value(bytes("z")), 1);
  }

  @Test
  void numbers_areCompared() {
    put("before", "1");
    Entry first = put("a", "1");
    Entry second = put("a", "2");

    assertCompared("a", new Comparison.Version(2), 0);
    assertCompared("a", new Comparison.Version(1), 1);
    assertCompared("a", new Comparison.Version(3), -1);
    assertCompared("a", new Comparison.CreateRevision(first.modifyRevision()), 0);
    assertCompared("a", new Comparison.CreateRevision(second.modifyRevision()), -1);
    assertCompared("a", new Comparison.ModifyRevision(second.modifyRevision()), 0);
    assertCompared("a", new Comparison.ModifyRevision(first.modifyRevision()), 1);
    assertCompared("a", new Comparison.ModifyRevision(new Revision(-1)), -1);
  }

  /** How what the key has is to what is given: less, equal or greater, as a comparator says it. */
  private void assertCompared(String key, Comparison.Subject subject, int order) {
    assertThat(holds(compare(key, subject, Relation.LESS))).as("less").isEqualTo(order < 0);
    assertThat(holds(compare(key, subject, Relation.EQUAL))).as("equal").isEqualTo(order == 0);
    assertThat(holds(compare(key, subject, Relation.GREATER))).as("greater").isEqualTo(order > 0);
    assertThat(holds(compare(key, subject, Relation.NOT_EQUAL))).as("other").isEqualTo(order != 0);
  }

  @Test
  void absentKey_hasZerosAndNoValue() {
    assertCompared("none", new Comparison.Version(0), 0);
    assertCompared("none", new Comparison.Version(1), -1);
    assertCompared("none", new Comparison.CreateRevision(Revision.ZERO), 0);
    assertCompared("none", new Comparison.ModifyRevision(new Revision(1)), -1);
    for (Relation relation : Relation.values()) {
      assertThat(holds(compare("none", new Comparison.Value(Bytes.EMPTY), relation))).isFalse();
      assertThat(holds(compare("none", new Comparison.Value(bytes("1")), relation))).isFalse();
    }
  }

  private static SessionId id(long number) {
    return new SessionId(new UUID(number, number));
  }

  private void putAttached(String key, SessionId session) {
    Await.change(store().sessions().create(SessionSpec.of(session)));
    PutRequest request = PutRequest.of(Key.of(key), bytes("1"));
    Await.change(store().put(request.withAttachment(new Attachment.To(session))));
  }

  @Test
  void sessionsOfEntries_areCompared() {
    putAttached("low", id(3));
    putAttached("high", id(-3));
    put("free", "1");

    Comparison.Subject same = new Comparison.AttachedTo(id(3), SessionId.ZEROS);
    assertCompared("low", same, 0);
    assertCompared("high", same, 1);
    assertCompared("free", same, -1);
    assertCompared("none", same, -1);
    assertCompared("low", new Comparison.AttachedTo(id(2), id(5)), 1);
    assertCompared("high", new Comparison.AttachedTo(id(-2), id(5)), -1);
    assertThat(holds(prefix(""), same, Relation.EQUAL)).isFalse();
    assertThat(holds(prefix("low"), same, Relation.EQUAL)).isTrue();
  }

  @Test
  void attachedToNone_standsWhereItIsSaid() {
    putAttached("a", id(3));
    put("free", "1");

    for (String key : List.of("free", "none")) {
      assertCompared(key, new Comparison.AttachedTo(id(5), id(5)), 0);
      assertCompared(key, new Comparison.AttachedTo(id(4), id(5)), 1);
      assertCompared(key, new Comparison.AttachedTo(id(6), id(5)), -1);
      assertCompared(key, new Comparison.AttachedTo(SessionId.ZEROS, SessionId.ZEROS), 0);
    }
    assertCompared("a", new Comparison.AttachedTo(SessionId.ZEROS, SessionId.ZEROS), 1);
  }

  @Test
  void range_holdsWhenItHoldsOfEveryEntry() {
    Entry first = put("p/a", "1");
    put("p/b", "1");
    put("p/b", "2");
    put("q", "9");
    Comparison.Version one = new Comparison.Version(1);

    assertThat(holds(prefix("p/"), one, Relation.EQUAL)).isFalse();
    assertThat(holds(prefix("p/a"), one, Relation.EQUAL)).isTrue();
    assertThat(holds(prefix("p/"), new Comparison.Version(0), Relation.GREATER)).isTrue();
    assertThat(holds(prefix("p/"), new Comparison.Value(bytes("3")), Relation.LESS)).isTrue();
    assertThat(
            holds(
                prefix("p/"),
                new Comparison.ModifyRevision(first.modifyRevision()),
                Relation.GREATER))
        .isFalse();
    assertThat(holds(prefix("none/"), new Comparison.Version(0), Relation.EQUAL)).isTrue();
    assertThat(holds(prefix("none/"), one, Relation.EQUAL)).isFalse();
    assertThat(holds(prefix("none/"), new Comparison.Value(Bytes.EMPTY), Relation.NOT_EQUAL))
        .isFalse();
  }

  @Test
  void comparisons_areOfTheStateBefore() {
    TransactionOutcome.Committed outcome =
        committed(
            putting("a", "1"),
            choice(
                isAbsent("a"),
                List.of(
                    putting("b", "1"),
                    choice(isAbsent("b"), List.of(putting("c", "1")), List.of(putting("d", "1")))),
                NOTHING));

    TransactionResult.Chosen outer = chosen(outcome.results().get(1));
    assertThat(outer.held()).isTrue();
    assertThat(chosen(outer.results().get(1)).held()).isTrue();
    assertThat(text("c")).contains("1");
    assertThat(get("d")).isEmpty();
  }

  @Test
  void laterOperations_seeWhatAChoiceDid() {
    TransactionOutcome.Committed outcome =
        committed(
            choice(isAbsent("a"), List.of(putting("a", "1")), NOTHING),
            get(Key.of("a")),
            check("a", Precondition.PRESENT));

    assertThat(found(outcome.results().get(1))).isEqualTo(get("a"));
  }

  @Test
  void refusedWithinAChoice_rollsBackAllAndSaysWhere() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.RolledBack outcome =
        rolledBack(
            putting("a", "1"),
            choice(isAbsent("x"), List.of(putting("b", "1")), List.of(putting("c", "1"))),
            choice(
                compare("x", new Comparison.Version(0), Relation.GREATER),
                List.of(putting("d", "1"), putting("d", "2")),
                List.of(putting("e", "1"), check("e", Precondition.ABSENT))));

    assertThat(outcome.failures().stream().map(TransactionOutcome.Failure::operation))
        .containsExactly(8);
    put("last", "");
    assertThat(changes.before("last")).isEmpty();
  }

  @Test
  void whatIsNotChosen_isNotTried() {
    TransactionOutcome.Committed outcome =
        committed(choice(isAbsent("a"), NOTHING, List.of(check("none", Precondition.PRESENT))));

    assertThat(chosen(outcome.results().getFirst()).results()).isEmpty();
  }

  @Test
  void choiceThatOnlyReads_isAsFreshAsAskedFor() {
    Entry a = put("a", "1");
    TransactionRequest request =
        TransactionRequest.of(choice(isAbsent("a"), NOTHING, List.of(get(Key.of("a")))));
    assertThat(request.onlyReads()).isTrue();

    for (Freshness freshness :
        List.of(Freshness.LINEARIZABLE, new Freshness.AtLeast(a.modifyRevision()))) {
      TransactionOutcome outcome = Await.change(store().transact(request.withFreshness(freshness)));
      List<TransactionResult> results = ((TransactionOutcome.Committed) outcome).results();
      assertThat(found(chosen(results.getFirst()).results().getFirst())).contains(a);
    }
  }

  @Test
  void choices_holdUntilTheChange() throws Exception {
    put("a", "0");
    int threads = 4;

    Together.run(
        threads,
        harness().patience(),
        thread -> {
          for (int i = 0; i < ROUNDS / threads; i++) {
            increment();
          }
          return thread;
        });

    assertThat(text("a")).contains(Integer.toString(ROUNDS));
  }

  /** As clients of etcd v3 do: what refused comes with the refusal. */
  private void increment() {
    Entry now = found(committed(get(Key.of("a"))).results().getFirst()).orElseThrow();
    TransactionResult.Chosen chosen;
    do {
      String next = Integer.toString(Integer.parseInt(now.value().toText()) + 1);
      Comparison.Subject seen = new Comparison.ModifyRevision(now.modifyRevision());
      chosen =
          chosen(
              committed(
                      choice(
                          compare("a", seen, Relation.EQUAL),
                          List.of(putting("a", next)),
                          List.of(get(Key.of("a")))))
                  .results()
                  .getFirst());
      now = chosen.held() ? now : found(chosen.results().getFirst()).orElseThrow();
    } while (!chosen.held());
  }

  @Test
  void manyChoices_areOneChange() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    List<TransactionOperation> choices = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      choices.add(choice(isAbsent("k" + i), List.of(putting("k" + i, "1")), NOTHING));
    }

    Revision revision =
        ((TransactionOutcome.Committed)
                Await.change(store().transact(TransactionRequest.of(choices))))
            .revision();
    put("last", "");

    assertThat(changes.before("last"))
        .hasSize(5)
        .allSatisfy(event -> assertThat(event.revision()).isEqualTo(revision));
  }
}
