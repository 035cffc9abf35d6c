package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.CompactedException;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.Naming;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written down of changes. */
final class GuardedStoreTest {
  private static final PutRequest IN_ORDER =
      PutRequest.of(Key.of("q"), Bytes.utf8("v")).withNaming(new Prefix("q/"), Naming.REVISION);

  private final List<String> written = new CopyOnWriteArrayList<>();
  private final EngineStore whole = EngineStore.inMemory();
  private final Gate gate =
      new Gate(
          "kv",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), false),
          (user, verb, path) -> true,
          Duration.ofSeconds(10),
          (user, verb, what, outcome, revision) -> written.add(verb + " " + what + " " + outcome),
          new ManualTicker(),
          Executors.newVirtualThreadPerTaskExecutor());

  @AfterEach
  void close() {
    gate.close();
    whole.close();
  }

  private KeyValueStore guarded(KeyValueStore store) {
    return new GuardedStore(store, gate.access(new User("ann", List.of())));
  }

  @Test
  void putThatTheStoreNames_isWrittenDownWithItsKey() {
    PutOutcome.Stored put = (PutOutcome.Stored) Await.change(guarded(whole).put(IN_ORDER));

    assertThat(put.entry().key().text()).matches("q/\\d{20}");
    assertThat(written).containsExactly("put /kv/kv/" + put.entry().key() + " DONE");
  }

  @Test
  void putThatTheStoreNames_isWrittenDownWithItsKey_inATransactionToo() {
    TransactionOperation put = new TransactionOperation.Put(IN_ORDER);
    TransactionOperation choice =
        new TransactionOperation.Choice(List.of(), List.of(put), List.of());
    TransactionOutcome.Committed committed =
        (TransactionOutcome.Committed)
            Await.change(guarded(whole).transact(TransactionRequest.of(choice)));

    Key made = IN_ORDER.named(committed.results().get(0).revision().value()).key();
    assertThat(written).containsExactly("put /kv/kv/" + made + " DONE");
  }

  @Test
  void transactionThatFails_isWrittenDown() {
    KeyValueStore failing =
        new DelegatingStore(whole) {
          @Override
          public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
            return CompletableFuture.failedFuture(new OutcomeUnknownException("no answer"));
          }
        };
    TransactionRequest request =
        TransactionRequest.of(
            new TransactionOperation.Get(Key.of("a")),
            new TransactionOperation.Put(PutRequest.of(Key.of("b"), Bytes.EMPTY)),
            new TransactionOperation.Choice(
                List.of(),
                List.of(new TransactionOperation.Delete(DeleteRequest.of(Key.of("c")))),
                List.of(new TransactionOperation.DeleteRange(new Range.Exact(Key.of("d"))))));

    assertThatThrownBy(() -> Await.change(guarded(failing).transact(request)))
        .isInstanceOf(OutcomeUnknownException.class);

    assertThat(written)
        .containsExactly("put /kv/kv/b FAILED", "delete /kv/kv/c FAILED", "delete /kv/kv/d FAILED");
  }

  /** Everybody may do everything to one path. */
  private static Gate gateTo(String allowed) {
    return new Gate(
        "kv",
        Limits.DEFAULT,
        new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), false),
        (user, verb, path) -> path.equals(allowed),
        Duration.ofSeconds(10),
        (user, verb, what, outcome, revision) -> {},
        new ManualTicker(),
        Executors.newVirtualThreadPerTaskExecutor());
  }

  @Test
  void session_isTakenUp_byWhomSessionsAreGranted_andCheckedByAnybody() {
    SessionId id = Await.change(whole.sessions().create(SessionSpec.random())).id();
    TransactionRequest check =
        TransactionRequest.of(new TransactionOperation.CheckSession(id, Optional.empty()));
    Gate sessions = gateTo("/sessions/kv");
    Gate key = gateTo("/kv/kv/a");
    KeyValueStore granted = new GuardedStore(whole, sessions.access(new User("ann", List.of())));
    KeyValueStore not = new GuardedStore(whole, key.access(new User("ann", List.of())));

    assertThat(Await.change(granted.sessions().takeUp(id))).isPresent();
    assertThatThrownBy(() -> Await.change(not.sessions().takeUp(id)))
        .isInstanceOf(PermissionDeniedException.class);
    assertThat(Await.read(not.transact(check))).isInstanceOf(TransactionOutcome.Committed.class);
    sessions.close();
    key.close();
  }

  @Test
  void checkOfANode_asksForWhatIsBelow_sinceItTellsOfIt() {
    Gate own = gateTo("/kv/kv/a");
    KeyValueStore guarded = new GuardedStore(whole, own.access(new User("ann", List.of())));
    Await.change(whole.put(PutRequest.of(Key.of("a/b"), Bytes.EMPTY)));

    assertThat(Await.read(guarded.transact(checking(Layout.FLAT))))
        .isInstanceOf(TransactionOutcome.RolledBack.class);
    assertThatThrownBy(() -> Await.read(guarded.transact(checking(Layout.NODES))))
        .isInstanceOf(PermissionDeniedException.class);
    own.close();
  }

  private static TransactionRequest checking(Layout layout) {
    return TransactionRequest.of(
        new TransactionOperation.Check(Key.of("a"), Precondition.PRESENT, layout));
  }

  @Test
  void compaction_isWrittenDownAsOfTheHistory() {
    Await.change(guarded(whole).compact(new Revision(1)));
    assertThatThrownBy(() -> Await.change(guarded(whole).compact(new Revision(1))))
        .isInstanceOf(CompactedException.class);

    assertThat(written).containsExactly("delete /history/kv DONE", "delete /history/kv FAILED");
  }
}
