package io.kubekv.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Comparison;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.LockState;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.v1.Kv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a transaction asks or answers comes out of a message as it went in. */
class TransactionWireTest {
  private static final Key KEY = Key.of("a");
  private static final Revision AT = new Revision(7);

  private static Entry entry(String key, int size) {
    return new Entry(
        Key.of(key),
        Kind.VALUE,
        Bytes.utf8("v".repeat(size)),
        0,
        AT,
        AT,
        1,
        Optional.empty(),
        LockState.NONE);
  }

  private static void assertTravels(TransactionRequest request) {
    assertThat(TransactionRequests.toPort(TransactionRequests.toWire(request))).isEqualTo(request);
  }

  private static void assertTravels(TransactionOutcome outcome) {
    assertThat(TransactionOutcomes.toPort(TransactionOutcomes.toWire(outcome))).isEqualTo(outcome);
  }

  @Test
  void request_everyOperation_travels() {
    TransactionOperation[] reading = {
      new TransactionOperation.Get(KEY),
      new TransactionOperation.ListRange(ListRequest.of(Range.all())),
      new TransactionOperation.ListRange(ListRequest.oneLevel(new Range.Tree(KEY))),
      new TransactionOperation.Check(KEY, Precondition.ABSENT),
      new TransactionOperation.Check(KEY, Precondition.NONE),
      new TransactionOperation.Check(KEY, Precondition.PRESENT, Layout.NODES),
      new TransactionOperation.Directory(new Prefix("a/")),
      new TransactionOperation.Directory(Prefix.ALL),
      new TransactionOperation.CheckHolder(KEY, Optional.empty()),
      new TransactionOperation.CheckHolder(KEY, Optional.of(SessionId.random())),
      new TransactionOperation.CheckSession(SessionId.random(), Optional.empty()),
      new TransactionOperation.CheckSession(SessionId.random(), Optional.of(new Revision(7)))
    };

    assertTravels(TransactionRequest.of());
    assertTravels(TransactionRequest.of(reading));
    assertTravels(TransactionRequest.of(reading).withFreshness(Freshness.STALE));
    assertTravels(
        TransactionRequest.of(
            new TransactionOperation.Put(PutRequest.of(KEY, Bytes.utf8("1")).withFlags(3)),
            new TransactionOperation.Delete(DeleteRequest.of(KEY).orDirectory()),
            new TransactionOperation.Delete(DeleteRequest.of(KEY).asNode()),
            new TransactionOperation.SetMetadata(KEY, OptionalInt.empty(), Bytes.EMPTY),
            new TransactionOperation.SetMetadata(KEY, OptionalInt.of(-1), Bytes.utf8("m")),
            new TransactionOperation.DeleteRange(new Range.WithPrefix(Prefix.ALL))));
  }

  @Test
  void outcome_everyResult_travels() {
    assertTravels(new TransactionOutcome.Committed(AT, List.of()));
    assertTravels(
        new TransactionOutcome.Committed(
            AT,
            List.of(
                new Lookup(Optional.empty(), AT),
                new Lookup(Optional.of(entry("a", 1)), AT),
                new Listing(List.of(), List.of(), AT),
                new Listing(List.of(entry("b", 2)), List.of(new Prefix("c/")), AT),
                new PutOutcome.Stored(entry("a", 1), Optional.of(entry("a", 2))),
                new DirectoryLookup(3, 2, AT, AT),
                new DeleteOutcome.Deleted(AT, entry("a", 1)),
                new RangeDeleted(3, Optional.empty(), AT))));
  }

  @Test
  void request_choices_travel() {
    TransactionOperation get = new TransactionOperation.Get(KEY);
    List<Comparison> comparisons = new ArrayList<>();
    for (Comparison.Relation relation : Comparison.Relation.values()) {
      comparisons.add(Comparison.of(KEY, new Comparison.Value(Bytes.utf8("1")), relation));
      comparisons.add(Comparison.of(KEY, new Comparison.Version(3), relation));
      comparisons.add(Comparison.of(KEY, new Comparison.CreateRevision(AT), relation));
      comparisons.add(
          Comparison.of(
              KEY, new Comparison.AttachedTo(SessionId.random(), SessionId.random()), relation));
      comparisons.add(
          new Comparison(Range.all(), new Comparison.ModifyRevision(Revision.ZERO), relation));
    }
    TransactionOperation inner =
        new TransactionOperation.Choice(List.of(), List.of(get), List.of());

    assertTravels(
        TransactionRequest.of(
            new TransactionOperation.Choice(
                comparisons,
                List.of(new TransactionOperation.Put(PutRequest.of(KEY, Bytes.EMPTY)), inner),
                List.of(inner, get)),
            get));
  }

  @Test
  void outcome_choices_travel() {
    TransactionResult found = new Lookup(Optional.of(entry("a", 1)), AT);
    TransactionResult listed = new Listing(List.of(entry("b", 2)), List.of(), AT);
    TransactionResult nothing = new TransactionResult.Chosen(false, List.of(), AT);
    TransactionResult inner = new TransactionResult.Chosen(true, List.of(found, listed), AT);

    assertTravels(new TransactionOutcome.Committed(AT, List.of(nothing)));
    assertTravels(
        new TransactionOutcome.Committed(
            AT,
            List.of(
                new TransactionResult.Chosen(false, List.of(inner, nothing), AT),
                found,
                new TransactionResult.Chosen(true, List.of(found, inner), AT))));
  }

  @Test
  void outcome_resultOfAChoiceMissing_isNamed() {
    List<Kv.TransactResponse> messages =
        new ArrayList<>(
            TransactionOutcomes.toWire(
                new TransactionOutcome.Committed(
                    AT,
                    List.of(
                        new TransactionResult.Chosen(
                            true, List.of(new Lookup(Optional.empty(), AT)), AT)))));
    messages.remove(1);

    assertThatThrownBy(() -> TransactionOutcomes.toPort(messages))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a result of a transaction is missing");
  }

  @Test
  void rollback_everyFailure_travels() {
    assertTravels(
        new TransactionOutcome.RolledBack(
            List.of(
                new TransactionOutcome.Failure(
                    0, Refused.of(Refused.Reason.EXISTS, entry("a", 1), AT)),
                new TransactionOutcome.Failure(
                    5, new Refused(Refused.Reason.MISSING, Optional.empty(), AT))),
            AT));
  }

  @Test
  void largeLists_travelInSeveralMessages() {
    List<Entry> entries = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      entries.add(entry("a" + i, 20_000));
      prefixes.add(new Prefix("p".repeat(4000) + i + "/"));
    }
    Listing large = new Listing(entries, prefixes, AT);
    TransactionOutcome outcome =
        new TransactionOutcome.Committed(
            AT, List.of(large, new Lookup(Optional.empty(), AT), large));

    List<Kv.TransactResponse> messages = TransactionOutcomes.toWire(outcome);

    assertThat(messages).hasSizeGreaterThan(10);
    assertThat(messages)
        .allSatisfy(each -> assertThat(each.getSerializedSize()).isLessThan(200_000));
    assertThat(TransactionOutcomes.toPort(messages)).isEqualTo(outcome);
  }

  @Test
  void nonsense_isNamed() {
    Kv.TransactRequest empty =
        Kv.TransactRequest.newBuilder()
            .addOperations(Kv.TransactRequest.Operation.getDefaultInstance())
            .build();

    assertThatThrownBy(() -> TransactionRequests.toPort(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an operation of the transaction is missing");
    assertThatThrownBy(() -> TransactionRequests.toPort(choiceOf(nothing -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("compares nothing");
    assertThatThrownBy(() -> TransactionRequests.toPort(choiceOf(it -> it.setVersion(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RELATION_UNSPECIFIED");
    assertThatThrownBy(() -> TransactionOutcomes.toPort(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Kv.TransactRequest choiceOf(Consumer<Kv.TransactRequest.Comparison.Builder> how) {
    Kv.TransactRequest.Builder request = Kv.TransactRequest.newBuilder();
    Kv.TransactRequest.Comparison.Builder comparison =
        request.addOperationsBuilder().getChoiceBuilder().addComparisonsBuilder();
    comparison.getRangeBuilder().setKey("a");
    how.accept(comparison);
    return request.build();
  }
}
