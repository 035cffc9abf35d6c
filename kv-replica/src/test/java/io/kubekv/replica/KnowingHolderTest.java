package io.kubekv.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.engine.EngineStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a holder of an earlier version would misunderstand is not sent to it. */
class KnowingHolderTest {
  private static final PutRequest PUT = PutRequest.of(Key.of("a"), Bytes.EMPTY);

  private boolean on;
  private boolean nodes;
  private final EngineStore store = EngineStore.inMemory();
  private final KnowingHolder holder = new KnowingHolder(store, new Switched());

  /** Nothing is switched on, or everything. */
  private final class Switched extends QuietReplica {
    private void require() {
      if (!on) {
        throw UnavailableException.lasting("not switched on");
      }
    }

    @Override
    public boolean isActive() {
      return false;
    }

    @Override
    public void requireFeatures(PutRequest request) {
      require();
    }

    @Override
    public void requireFeatures(SessionSpec spec) {
      require();
    }

    @Override
    public void requireCompaction() {
      require();
    }

    @Override
    public void requireDirectories() {
      require();
    }

    @Override
    public void requireNodes() {
      if (!nodes) {
        throw UnavailableException.lasting("not switched on");
      }
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void assertHeldBack(Supplier<CompletableFuture<?>> call) {
    Revision before = store.status().revision();
    CompletableFuture<?> refused = call.get();
    assertThatThrownBy(() -> Await.change(refused)).hasMessage("not switched on");
    assertThat(store.status().revision()).isEqualTo(before);
  }

  @Test
  void notSwitchedOn_isNotSent() {
    assertHeldBack(() -> holder.put(PUT));
    assertHeldBack(() -> holder.transact(TransactionRequest.of(new TransactionOperation.Put(PUT))));
    assertHeldBack(() -> holder.compact(new Revision(1)));
    assertHeldBack(() -> holder.directory(Prefix.ALL, Freshness.LINEARIZABLE));
    assertHeldBack(() -> holder.sessions().create(SessionSpec.random()));
    assertThat(Await.change(store.compact(new Revision(1)))).isEqualTo(new Revision(1));
  }

  /** It would do them without the comparison, or by other rules. */
  @Test
  void nodesAndVersions_areNotSent_toWhomTheyAreNothing() {
    on = true;
    Key key = Key.of("a");
    Precondition version = new Precondition.VersionIs(1);

    assertHeldBack(() -> holder.put(PUT.withPrecondition(version)));
    assertHeldBack(() -> holder.put(PUT.withLayout(Layout.NODES)));
    assertHeldBack(() -> holder.delete(DeleteRequest.of(key).withPrecondition(version)));
    assertHeldBack(() -> holder.delete(DeleteRequest.of(key).asNode()));
    for (TransactionOperation each :
        List.of(
            new TransactionOperation.Put(PUT.withLayout(Layout.NODES)),
            new TransactionOperation.Delete(DeleteRequest.of(key).asNode()),
            new TransactionOperation.Check(key, version),
            new TransactionOperation.Check(key, Precondition.ABSENT, Layout.NODES),
            new TransactionOperation.SetMetadata(key, OptionalInt.empty(), Bytes.EMPTY),
            new TransactionOperation.CheckSession(SessionId.random(), Optional.empty()),
            new TransactionOperation.Directory(Prefix.ALL))) {
      TransactionOperation choice =
          new TransactionOperation.Choice(List.of(), List.of(each), List.of());
      assertHeldBack(() -> holder.transact(TransactionRequest.of(each)));
      assertHeldBack(() -> holder.transact(TransactionRequest.of(choice)));
    }
    Session session = Await.change(holder.sessions().create(SessionSpec.random()));
    assertHeldBack(() -> holder.sessions().takeUp(session.id()));
    assertThat(Await.change(holder.put(PUT))).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void switchedOn_isSent() {
    on = true;
    nodes = true;

    assertThat(Await.change(holder.put(PUT.withLayout(Layout.NODES))))
        .isInstanceOf(PutOutcome.Stored.class);
    assertThat(Await.change(holder.compact(new Revision(2)))).isEqualTo(new Revision(2));
    assertThat(Await.read(holder.directory(Prefix.ALL, Freshness.LINEARIZABLE))).isNotNull();
    Session session = Await.change(holder.sessions().create(SessionSpec.random()));
    assertThat(Await.change(holder.sessions().takeUp(session.id()))).isPresent();
  }
}
