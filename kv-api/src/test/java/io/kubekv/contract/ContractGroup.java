package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** One store per test, and short words for what tests say often. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class ContractGroup {
  private final Function<StoreSpec, StoreHarness> opener;
  private final List<Changes> watches = new CopyOnWriteArrayList<>();
  private Optional<StoreHarness> harness = Optional.empty();

  ContractGroup(Function<StoreSpec, StoreHarness> opener) {
    this.opener = opener;
  }

  StoreSpec spec() {
    return StoreSpec.DEFAULT;
  }

  @BeforeEach
  void openStore() {
    harness = Optional.of(opener.apply(spec()));
  }

  @AfterEach
  void closeStore() {
    watches.forEach(Changes::close);
    harness.ifPresent(StoreHarness::close);
  }

  StoreHarness harness() {
    return harness.orElseThrow();
  }

  KeyValueStore store() {
    return harness().store();
  }

  static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }

  static PutRequest value(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  static PutRequest treeValue(String key, String value) {
    return value(key, value).withLayout(Layout.TREE);
  }

  static PutRequest directory(String key) {
    return PutRequest.directory(Key.of(key));
  }

  static DeleteRequest removal(String key) {
    return DeleteRequest.of(Key.of(key));
  }

  static Range exact(String key) {
    return new Range.Exact(Key.of(key));
  }

  static Range tree(String key) {
    return new Range.Tree(Key.of(key));
  }

  static Range prefix(String text) {
    return new Range.WithPrefix(new Prefix(text));
  }

  PutOutcome.Stored stored(PutRequest request) {
    PutOutcome outcome = Await.change(store().put(request));
    assertThat(outcome).as("outcome of %s", request).isInstanceOf(PutOutcome.Stored.class);
    return (PutOutcome.Stored) outcome;
  }

  Entry put(String key, String value) {
    return stored(value(key, value)).entry();
  }

  DeleteOutcome.Deleted deleted(DeleteRequest request) {
    DeleteOutcome outcome = Await.change(store().delete(request));
    assertThat(outcome).as("outcome of %s", request).isInstanceOf(DeleteOutcome.Deleted.class);
    return (DeleteOutcome.Deleted) outcome;
  }

  Refused refused(PutRequest request, Refused.Reason reason) {
    return refused(Await.change(store().put(request)), reason);
  }

  Refused refused(DeleteRequest request, Refused.Reason reason) {
    return refused(Await.change(store().delete(request)), reason);
  }

  static Refused refused(Object outcome, Refused.Reason reason) {
    assertThat(outcome).isInstanceOf(Refused.class);
    Refused refused = (Refused) outcome;
    assertThat(refused.reason()).isEqualTo(reason);
    refused
        .entry()
        .ifPresent(
            entry ->
                assertThat(entry.modifyRevision())
                    .as("the refusing entry, as of the revision that decided")
                    .isLessThanOrEqualTo(refused.revision()));
    return refused;
  }

  Optional<Entry> get(String key) {
    return Await.read(store().get(Key.of(key), Freshness.LINEARIZABLE)).entry();
  }

  Optional<String> text(String key) {
    return get(key).map(entry -> entry.value().toText());
  }

  Revision revision() {
    return Await.read(store().revision(Freshness.LINEARIZABLE));
  }

  /** A watch that the test need not close. */
  Changes watch(WatchRequest request) {
    Changes changes = new Changes(store().watch(request), harness().patience());
    watches.add(changes);
    return changes;
  }

  void eventually(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .pollDelay(Duration.ZERO)
        .atMost(harness().patience())
        .until(condition::getAsBoolean);
  }
}
