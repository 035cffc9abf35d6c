package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Locking;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One store and one model, step by step. */
final class ModelRun implements AutoCloseable {
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final Revision NEVER = new Revision(-2);

  private final StoreHarness harness;
  private final Model model = new Model();
  private final Changes changes;
  private final boolean timeIsOurs;

  ModelRun(StoreHarness harness) {
    this.harness = harness;
    this.timeIsOurs = harness.clock().tolerance().isZero();
    var unused = Await.read(store().revision(Freshness.LINEARIZABLE)); // a watch waits for no log
    this.changes =
        new Changes(store().watch(WatchRequest.fromNow(Range.all())), harness.patience());
  }

  private KeyValueStore store() {
    return harness.store();
  }

  void step(Operation operation) {
    switch (operation) {
      case Operation.Put put -> put(put);
      case Operation.Delete delete -> delete(delete);
      case Operation.DeleteRange delete -> deleteRange(delete.range());
      case Operation.List list -> list(list.request());
      case Operation.Pass pass -> pass();
    }
    compareContents();
  }

  private void put(Operation.Put put) {
    Optional<Reason> refusal = model.refusal(put);
    PutRequest request =
        new PutRequest(
            Key.of(put.key()),
            put.directory() ? Kind.DIRECTORY : Kind.VALUE,
            Bytes.utf8(put.value()),
            0,
            put.mortal() && timeIsOurs ? Optional.of(TTL) : Optional.empty(),
            precondition(put.guard(), put.key()),
            put.mode(),
            put.layout(),
            Locking.NONE,
            Optional.empty(),
            Naming.GIVEN,
            Attachment.DETACH,
            Bytes.EMPTY);

    PutOutcome outcome = Await.change(store().put(request));

    switch (outcome) {
      case PutOutcome.Stored stored -> {
        assertThat(refusal).as("refusal of %s", put).isEmpty();
        model.apply(put, stored.entry().modifyRevision(), request.cause());
        compare(stored.entry());
      }
      case Refused refused ->
          assertThat(refusal).as("refusal of %s", put).contains(refused.reason());
    }
  }

  private void delete(Operation.Delete delete) {
    Optional<Reason> refusal = model.refusal(delete);
    DeleteRequest request =
        new DeleteRequest(
            Key.of(delete.key()),
            precondition(delete.guard(), delete.key()),
            delete.layout(),
            delete.directory());

    DeleteOutcome outcome = Await.change(store().delete(request));

    switch (outcome) {
      case DeleteOutcome.Deleted deleted -> {
        assertThat(refusal).as("refusal of %s", delete).isEmpty();
        compare(deleted.previous());
        model.remove(Set.of(delete.key()), request.cause());
      }
      case Refused refused ->
          assertThat(refusal).as("refusal of %s", delete).contains(refused.reason());
    }
  }

  private void deleteRange(Range range) {
    Set<String> keys = keysIn(range);

    assertThat(Await.change(store().deleteRange(range)).count())
        .as("count of %s", range)
        .isEqualTo(keys.size());

    model.remove(keys, Cause.DELETE);
  }

  private void list(ListRequest request) {
    Set<String> entries = new TreeSet<>();
    Set<String> prefixes = new TreeSet<>();
    for (String key : keysIn(request.range())) {
      boolean top = request.range().self().filter(self -> self.text().equals(key)).isPresent();
      int from = request.range().below().map(below -> below.text().length()).orElse(0);
      int cut = top ? -1 : request.delimiter().map(text -> key.indexOf(text, from)).orElse(-1);
      if (cut < 0) {
        entries.add(key);
      } else {
        prefixes.add(key.substring(0, cut + request.delimiter().orElseThrow().length()));
      }
    }

    Listing listing = Await.read(store().list(request, Freshness.LINEARIZABLE));

    assertThat(listing.entries().stream().map(entry -> entry.key().text()))
        .containsExactlyElementsOf(entries);
    assertThat(listing.prefixes().stream().map(prefix -> prefix.text()))
        .containsExactlyElementsOf(prefixes);
  }

  private void pass() {
    if (!timeIsOurs) {
      return;
    }
    Set<String> doomed = model.doomed();
    harness.clock().advance(TTL);
    Awaitility.await("the end of " + doomed)
        .atMost(harness.patience())
        .until(() -> everything().stream().noneMatch(entry -> isIn(doomed, entry)));
    model.remove(doomed, Cause.EXPIRE);
  }

  private static boolean isIn(Set<String> keys, Entry entry) {
    return keys.contains(entry.key().text());
  }

  private Precondition precondition(Operation.Guard guard, String key) {
    Optional<Entry> current = Await.read(store().get(Key.of(key), Freshness.LINEARIZABLE)).entry();
    Revision revision = current.map(Entry::modifyRevision).orElse(NEVER);
    Bytes value = current.map(Entry::value).orElse(Bytes.EMPTY);
    return switch (guard) {
      case NONE -> Precondition.NONE;
      case ABSENT -> Precondition.ABSENT;
      case PRESENT -> Precondition.PRESENT;
      case REVISION_IS -> new Precondition.RevisionIs(revision);
      case REVISION_WAS -> new Precondition.RevisionIs(NEVER);
      case VALUE_IS -> new Precondition.ValueIs(value);
      case VALUE_IS_NOT -> new Precondition.ValueIs(Bytes.utf8("never put"));
      case BOTH_ARE -> new Precondition.RevisionAndValueAre(revision, value);
    };
  }

  private List<Entry> everything() {
    return Await.read(store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE)).entries();
  }

  private Set<String> keysIn(Range range) {
    return model.items().keySet().stream()
        .filter(key -> range.contains(Key.of(key)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void compareContents() {
    List<Entry> entries = everything();
    assertThat(entries.stream().map(entry -> entry.key().text()))
        .containsExactlyElementsOf(model.items().keySet());
    entries.forEach(this::compare);
  }

  private void compare(Entry entry) {
    Model.Item item = Optional.ofNullable(model.items().get(entry.key().text())).orElseThrow();
    assertThat(entry.isDirectory()).isEqualTo(item.directory());
    assertThat(entry.value().toText()).isEqualTo(item.value());
    assertThat(entry.version()).isEqualTo(item.version());
    assertThat(entry.expiry().isPresent()).isEqualTo(item.mortal() && timeIsOurs);
    if (!item.modified().equals(Revision.ZERO)) {
      assertThat(entry.modifyRevision()).isEqualTo(item.modified());
    }
    if (!item.created().equals(Revision.ZERO)) {
      assertThat(entry.createRevision()).isEqualTo(item.created());
    }
  }

  /** The watch of all keys since the beginning has told what the model expects, in its order. */
  void checkWatch() throws InterruptedException {
    for (Model.Expected expected : model.expected()) {
      switch (expected) {
        case Model.Expected.Made made -> {
          WatchEvent.Put put = changes.nextPut();
          assertThat(put.entry().key().text()).isEqualTo(made.key());
          assertThat(put.cause()).isEqualTo(made.cause());
        }
        case Model.Expected.Gone gone -> checkGone(gone);
      }
    }
    Await.change(store().put(PutRequest.of(Key.of("last"), Bytes.EMPTY)));
    assertThat(changes.before("last")).isEmpty();
  }

  private void checkGone(Model.Expected.Gone gone) throws InterruptedException {
    Set<String> seen = new HashSet<>();
    while (seen.size() < gone.keys().size()) {
      WatchEvent.Delete delete = changes.nextDelete();
      seen.add(delete.previous().key().text());
      delete.below().forEach(entry -> seen.add(entry.key().text()));
      assertThat(delete.cause()).isEqualTo(gone.cause());
    }
    assertThat(seen).isEqualTo(gone.keys());
  }

  @Override
  public void close() {
    changes.close();
  }
}
