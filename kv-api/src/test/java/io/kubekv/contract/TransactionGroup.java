package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.WatchEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Short words for what tests of transactions say often. */
abstract class TransactionGroup extends SessionGroup {
  TransactionGroup(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  static TransactionOperation get(Key key) {
    return new TransactionOperation.Get(key);
  }

  static TransactionOperation listing(Range range) {
    return new TransactionOperation.ListRange(ListRequest.of(range));
  }

  static TransactionOperation check(String key, Precondition precondition) {
    return new TransactionOperation.Check(Key.of(key), precondition);
  }

  static TransactionOperation checkHeldBy(String key, SessionId holder) {
    return new TransactionOperation.CheckHolder(Key.of(key), Optional.of(holder));
  }

  static TransactionOperation checkFree(String key) {
    return new TransactionOperation.CheckHolder(Key.of(key), Optional.empty());
  }

  static TransactionOperation putting(PutRequest request) {
    return new TransactionOperation.Put(request);
  }

  static TransactionOperation putting(String key, String value) {
    return putting(value(key, value));
  }

  static TransactionOperation deleting(String key) {
    return new TransactionOperation.Delete(DeleteRequest.of(Key.of(key)));
  }

  static TransactionOperation deleting(Range range) {
    return new TransactionOperation.DeleteRange(range);
  }

  static Precondition is(Revision revision) {
    return new Precondition.RevisionIs(revision);
  }

  TransactionOutcome transact(TransactionOperation... operations) {
    return Await.change(store().transact(TransactionRequest.of(operations)));
  }

  TransactionOutcome.Committed committed(TransactionOperation... operations) {
    TransactionOutcome outcome = transact(operations);
    assertThat(outcome)
        .as("outcome of %s", List.of(operations))
        .isInstanceOf(TransactionOutcome.Committed.class);
    TransactionOutcome.Committed committed = (TransactionOutcome.Committed) outcome;
    assertThat(committed.results()).as("a result per operation").hasSize(operations.length);
    return committed;
  }

  TransactionOutcome.RolledBack rolledBack(TransactionOperation... operations) {
    TransactionOutcome outcome = transact(operations);
    assertThat(outcome)
        .as("outcome of %s", List.of(operations))
        .isInstanceOf(TransactionOutcome.RolledBack.class);
    return (TransactionOutcome.RolledBack) outcome;
  }

  /** The one operation that was refused, and why. */
  static Refused failure(TransactionOutcome.RolledBack outcome, int operation) {
    assertThat(outcome.failures().stream().map(TransactionOutcome.Failure::operation))
        .containsExactly(operation);
    return outcome.failures().getFirst().refused();
  }

  static Optional<Entry> found(TransactionResult result) {
    assertThat(result).isInstanceOf(Lookup.class);
    return ((Lookup) result).entry();
  }

  static String keyOf(WatchEvent event) {
    return event instanceof WatchEvent.Delete delete
        ? delete.previous().key().text()
        : ((WatchEvent.Put) event).entry().key().text();
  }

  static PutOutcome.Stored stored(TransactionResult result) {
    assertThat(result).isInstanceOf(PutOutcome.Stored.class);
    return (PutOutcome.Stored) result;
  }
}
