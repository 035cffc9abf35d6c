package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Naming;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.NewerVersionException;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What not every version can apply is written only after an entry has switched it on. */
class FeaturesTest {
  private final MemoryLog log = new MemoryLog();

  private EngineStore open(boolean holds) {
    return EngineStore.open(
        log.client(new PlainLink()), new TestLease(holds), EngineSettings.DEFAULT);
  }

  /** A log that an earlier version has begun, whose entries say this. */
  private Root begun(Change... changes) {
    Commit commit = new Commit(new Revision(1), List.of(changes));
    log.forge(new LogEntry(1, 1, 7, 0, List.of(commit), LogEntry.READER, OptionalLong.empty()));
    return new Root(State.EMPTY.apply(commit), 1, 1, 7);
  }

  private static PutRequest attaching(SessionId session) {
    return PutRequest.of(Key.of("a"), Bytes.EMPTY).withAttachment(new Attachment.To(session));
  }

  @Test
  void newStore_hasAllThatItsFounderKnows() {
    try (EngineStore store = open(true)) {
      SessionId session = Await.change(store.sessions().create(SessionSpec.random())).id();

      assertThat(Await.change(store.put(attaching(session)))).isInstanceOf(PutOutcome.Stored.class);
      assertThat(EngineStore.features()).isNotEmpty().allMatch(store::has);
    }
  }

  @Test
  void notSwitchedOn_isRefused_untilItIs_andStaysOn() {
    begun(new Change.Founded(5));
    try (EngineStore store = open(true)) {
      SessionId session = Await.change(store.sessions().create(SessionSpec.random())).id();
      SessionSpec once = SessionSpec.random().withSpan(SessionSpan.ONCE);
      assertThatThrownBy(() -> Await.change(store.put(attaching(session))))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("every replica must run kubekv 0.1 or newer");
      assertThatThrownBy(() -> Await.change(store.sessions().create(once)))
          .isInstanceOf(UnavailableException.class);
      Revision before = store.status().revision();

      assertThat(store.switchOn(EngineStore.features()).join()).isEqualTo(EngineStore.features());
      assertThat(store.switchOn(EngineStore.features()).join()).isEmpty();
      assertThat(store.switchOn(Set.of("of another version")).join()).isEmpty();

      assertThat(store.status().revision()).isEqualTo(before);
      assertThat(Await.change(store.put(attaching(session)))).isInstanceOf(PutOutcome.Stored.class);
      assertThat(Await.change(store.sessions().create(once)).spec()).isEqualTo(once);
    }
    try (EngineStore next = open(true)) {
      Awaitility.await().until(() -> next.has("attached-keys"));
    }
  }

  @Test
  void unknownFeature_stopsTheReplicaThatDoesNotKnowIt() {
    begun(new Change.Founded(5), new Change.SwitchedOn("teleports", "7.3"));
    try (EngineStore store = open(true)) {
      Awaitility.await()
          .until(
              () ->
                  store
                      .status()
                      .reason()
                      .equals(
                          "entry 1 of the log has the feature teleports, which this version does"
                              + " not know: run kubekv 7.3 or newer here"));
      assertThatThrownBy(() -> Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY))))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("7.3");
    }
  }

  @Test
  void unknownFeature_ofASnapshot_isNotOpened() {
    Snapshot snapshot =
        Snapshot.of(begun(new Change.Founded(5), new Change.SwitchedOn("teleports", "7.3")));

    assertThatThrownBy(
            () ->
                Snapshot.read(
                    snapshot.manifest(),
                    name -> Optional.ofNullable(snapshot.chunks().get(name)).orElseThrow()))
        .isInstanceOf(NewerVersionException.class)
        .hasMessage(
            "the snapshot at position 1 has the feature teleports, which this version does not"
                + " know: run kubekv 7.3 or newer here");
  }

  @Test
  void unknownFeature_ofASnapshot_stopsTheReplica_whichGivesTheLeaseUp() {
    Root root = begun(new Change.Founded(5), new Change.SwitchedOn("teleports", "7.3"));
    log.client(new PlainLink()).snapshot(root).join();
    TestLease lease = new TestLease(true);
    try (EngineStore store =
        EngineStore.open(log.client(new PlainLink()), lease, EngineSettings.DEFAULT)) {
      Awaitility.await().until(() -> store.status().reason().contains("run kubekv 7.3 or newer"));

      assertThat(store.status().reason()).startsWith("the snapshot at position 1 has the feature");
      Awaitility.await().until(() -> !lease.isCompeting());
    }
  }

  @Test
  void notSwitchedOn_lastsUntilSomebodyUpgrades_andTheReplicaKnowsItBeforeItAsksTheHolder() {
    begun(new Change.Founded(5));
    try (EngineStore store = open(true)) {
      Awaitility.await().until(() -> store.status().ready());
      EngineReplica replica = store.replica();
      PutRequest numbered =
          PutRequest.of(Key.of("a"), Bytes.EMPTY).withNaming(new Prefix("q/"), Naming.SEQUENCE);

      assertLasts(() -> replica.requireFeatures(attaching(SessionId.random())));
      assertLasts(() -> replica.requireFeatures(numbered));
      assertLasts(() -> replica.requireFeatures(SessionSpec.random().withSpan(SessionSpan.ONCE)));
      assertLasts(replica::requireCompaction);
      assertLasts(replica::requireDirectories);
      assertLasts(replica::requireNodes);
      replica.requireFeatures(PutRequest.of(Key.of("a"), Bytes.EMPTY));
      replica.requireFeatures(SessionSpec.random());
      SessionId session = Await.change(store.sessions().create(SessionSpec.random())).id();
      assertLasts(() -> Await.change(store.sessions().takeUp(session)));
    }
  }

  private static void assertLasts(ThrowingCallable call) {
    assertThat(catchThrowableOfType(UnavailableException.class, call).advice())
        .isEqualTo(StoreException.Advice.DO_NOT_RETRY);
  }

  @Test
  void beforeAnythingIsKnown_whatIsSwitchedOnIsNotKnownEither() {
    try (EngineStore store = open(false)) {
      EngineReplica replica = store.replica();

      assertThat(
              catchThrowableOfType(UnavailableException.class, replica::requireCompaction).advice())
          .isEqualTo(StoreException.Advice.RETRY);
    }
  }
}
