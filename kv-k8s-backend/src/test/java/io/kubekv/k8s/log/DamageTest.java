package io.kubekv.k8s.log;

import static io.kubekv.k8s.log.EngineHarness.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.k8s.api.ApiKind;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.SnapshotKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** An administrator writes to the objects of a log: nothing is lost silently, and he is told. */
class DamageTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SLOTS = 16;

  private final LogOnServer server = new LogOnServer(SLOTS);
  private final ObjectApi admin = server.admin();
  private final List<EngineStore> stores = new ArrayList<>();

  /** What is done to an object. */
  enum Harm {
    EDITED,
    DELETED,
    REPLACED
  }

  @AfterEach
  void close() {
    stores.forEach(EngineStore::close);
    server.close();
  }

  private EngineStore open() {
    EngineStore store = EngineHarness.open(server, EngineSettings.DEFAULT);
    stores.add(store);
    return store;
  }

  private EngineStore ready() {
    EngineStore store = open();
    awaitReady(store);
    return store;
  }

  private static void put(EngineStore store, int number) {
    var unused =
        Await.change(
            store.put(PutRequest.of(Key.of("key" + number), Bytes.utf8("value" + number))));
  }

  /**
   * A store whose snapshots are slower than its puts says that its log is full, and to try again.
   */
  private static void putSome(EngineStore store, int from, int to) {
    for (int i = from; i < to; i++) {
      int number = i;
      Awaitility.await()
          .atMost(SOON)
          .ignoreException(OverloadedException.class)
          .until(
              () -> {
                put(store, number);
                return true;
              });
    }
  }

  private static void assertHas(EngineStore store, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(Await.read(store.get(Key.of("key" + i), Freshness.LINEARIZABLE)).entry())
          .isPresent();
    }
  }

  private static ObjectNode spec(ApiObject object) {
    return (ObjectNode) object.spec().deepCopy();
  }

  private List<ApiObject> all(ApiKind kind) {
    return admin.list(kind, true).join().objects();
  }

  private ApiObject slotOf(long position) {
    return all(LogKinds.SLOT).stream()
        .filter(slot -> slot.spec().path("position").asLong() == position)
        .findFirst()
        .orElseThrow();
  }

  private long newest() {
    return all(LogKinds.SLOT).stream()
        .mapToLong(slot -> slot.spec().path("position").asLong())
        .max()
        .orElseThrow();
  }

  private void harm(ApiKind kind, ApiObject object, Harm harm, Consumer<ObjectNode> edit) {
    ObjectNode spec = spec(object);
    edit.accept(spec);
    switch (harm) {
      case EDITED -> admin.replace(kind, object.name(), object.version(), spec, "").join();
      case DELETED -> admin.remove(kind, object).join();
      case REPLACED -> doneInSpiteOfOthers(() -> replace(kind, object));
    }
  }

  /** Puts another object with the same contents in an object's place. */
  private void replace(ApiKind kind, ApiObject object) {
    admin.get(kind, object.name()).join().ifPresent(now -> admin.remove(kind, now).join());
    admin.create(kind, object.name(), spec(object)).join();
  }

  private void harmSlot(ApiObject slot, Harm harm) {
    harm(LogKinds.SLOT, slot, harm, spec -> spec.put("epoch", 77));
  }

  private boolean isMended(String slot) {
    return admin.get(LogKinds.SLOT, slot).join().stream()
        .anyMatch(now -> now.spec().path("edition").asLong() == now.generation());
  }

  @ParameterizedTest
  @EnumSource(Harm.class)
  void harmedSlot_isMendedByTheReplicaThatRuns_andNothingIsLost(Harm harm) {
    EngineStore store = ready();
    putSome(store, 0, 5);
    ApiObject slot = slotOf(newest());

    harmSlot(slot, harm);

    Awaitility.await().atMost(SOON).until(() -> isMended(slot.name()));
    putSome(store, 5, 40);
    store.close();
    assertHas(ready(), 40);
  }

  @ParameterizedTest
  @EnumSource(Harm.class)
  void harmedSlot_whileNobodyRuns_isNamed_andNothingIsServed(Harm harm) {
    EngineStore first = ready();
    putSome(first, 0, SLOTS + 5);
    first.close();
    ApiObject slot = slotOf(newest());

    harmSlot(slot, harm);
    EngineStore second = open();

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(second.status().reason())
                    .contains(slot.name())
                    .contains("namespace " + LogOnServer.NAMESPACE)
                    .contains("backup"));
    assertThat(second.status().ready()).isFalse();
  }

  /** Puts objects back to older contents, as a restored backup of the API's storage shows them. */
  private void putBack(List<ApiObject> before) {
    before.forEach(old -> doneInSpiteOfOthers(() -> putBack(old)));
  }

  private void putBack(ApiObject old) {
    ApiObject now = admin.get(LogKinds.SLOT, old.name()).join().orElseThrow();
    ObjectNode spec = spec(old);
    spec.put("edition", now.generation() + 1);
    admin.replace(LogKinds.SLOT, old.name(), now.version(), spec, "").join();
  }

  private void delete(ApiObject slot) {
    doneInSpiteOfOthers(
        () ->
            admin
                .get(LogKinds.SLOT, slot.name())
                .join()
                .ifPresent(now -> admin.remove(LogKinds.SLOT, now).join()));
  }

  /** Tries again when a store that runs was faster: it mends what was done to others before. */
  private static void doneInSpiteOfOthers(Runnable change) {
    Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(
            () -> {
              change.run();
              return true;
            });
  }

  @Test
  void slotsPutBackToAFormerLap_underAHolder_areWrittenAnew_andNothingIsLost() {
    EngineStore store = ready();
    putSome(store, 0, 2 * SLOTS);
    List<ApiObject> before = all(LogKinds.SLOT);
    putSome(store, 2 * SLOTS, 4 * SLOTS + 3);
    long newest = newest();

    putBack(before);

    Awaitility.await().atMost(SOON).until(() -> newest() >= newest);
    putSome(store, 4 * SLOTS + 3, 5 * SLOTS);
    store.close();
    assertHas(ready(), 5 * SLOTS);
  }

  @Test
  void newestSlotPutBackToAFormerLap_underAHolder_isWrittenAnew_andNothingIsLost() {
    EngineStore store = ready();
    putSome(store, 0, 2 * SLOTS);
    List<ApiObject> before = all(LogKinds.SLOT);
    putSome(store, 2 * SLOTS, 3 * SLOTS + 3);
    long newest = newest();
    String name = slotOf(newest).name();

    putBack(before.stream().filter(slot -> slot.name().equals(name)).toList());

    Awaitility.await().atMost(SOON).until(() -> newest() >= newest);
    putSome(store, 3 * SLOTS + 3, 5 * SLOTS);
    store.close();
    assertHas(ready(), 5 * SLOTS);
  }

  @Test
  void slotsPutBackToAFormerLap_whileNobodyRuns_areNamed_andNothingIsServed() {
    EngineStore first = ready();
    putSome(first, 0, 2 * SLOTS);
    List<ApiObject> before = all(LogKinds.SLOT);
    putSome(first, 2 * SLOTS, 4 * SLOTS + 3);
    first.close();

    putBack(before);
    EngineStore second = open();

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(second.status().reason()).contains("StoreLog").contains("put back"));
    assertThat(second.status().ready()).isFalse();
  }

  @Test
  void allSlotsDeleted_whileNobodyRuns_isNamed() {
    LogAuthor author = LogAuthor.begin();
    Log log = withSnapshots(author, 4, 10, 10);
    log.close();
    all(LogKinds.SLOT).forEach(slot -> admin.remove(LogKinds.SLOT, slot).join());

    assertThatThrownBy(() -> server.client().open().join())
        .hasMessageContaining("StoreLog")
        .hasMessageContaining("backup");
  }

  @Test
  void allSlotsDeleted_areMendedByTheReplicaThatRuns() {
    EngineStore store = ready();
    putSome(store, 0, 5);

    all(LogKinds.SLOT).forEach(this::delete);

    Awaitility.await().atMost(SOON).until(() -> all(LogKinds.SLOT).size() == SLOTS);
    putSome(store, 5, 40);
    store.close();
    assertHas(ready(), 40);
  }

  @Test
  void restoredSlot_isReadAgain() {
    EngineStore first = ready();
    putSome(first, 0, SLOTS + 5);
    first.close();
    ApiObject slot = slotOf(newest());
    harmSlot(slot, Harm.EDITED);
    EngineStore second = open();
    Awaitility.await().atMost(SOON).until(() -> second.status().reason().contains(slot.name()));

    ApiObject edited = admin.get(LogKinds.SLOT, slot.name()).join().orElseThrow();
    ObjectNode restored = spec(slot);
    restored.put("edition", edited.generation() + 1);
    admin.replace(LogKinds.SLOT, slot.name(), edited.version(), restored, "").join();

    awaitReady(second);
    assertHas(second, SLOTS + 5);
  }

  /** A log with entries, snapshots in between, and an author who goes on. */
  private Log withSnapshots(LogAuthor author, int before, int between, int after) {
    Log log = server.client();
    var unused = log.open().join();
    append(log, author, before);
    log.snapshot(author.root()).join();
    append(log, author, between);
    log.snapshot(author.root()).join();
    append(log, author, after);
    return log;
  }

  private static void append(Log log, LogAuthor author, int count) {
    for (int i = 0; i < count; i++) {
      LogEntry entry = author.next("value " + author.root().position());
      Awaitility.await()
          .atMost(SOON)
          .ignoreException(CompletionException.class)
          .until(() -> log.append(entry).join() instanceof Log.Appended.Ours);
      LogEntry unused = author.accept(entry);
    }
  }

  private ApiObject manifest() {
    return admin.get(SnapshotKinds.MANIFEST, "snapshot").join().orElseThrow();
  }

  private List<String> newestChunks() {
    ApiObject manifest = manifest();
    try {
      return Snapshot.chunkNames(Bytes.base64(manifest.spec().path("manifest").asString()));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void harmNewestChunk(Harm harm) {
    String name = newestChunks().getFirst();
    harm(
        SnapshotKinds.CHUNK,
        admin.get(SnapshotKinds.CHUNK, name).join().orElseThrow(),
        harm,
        spec -> spec.put("content", Bytes.utf8("something else").toBase64()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Harm.class,
      names = {"EDITED", "DELETED"})
  void harmedChunk_losesNothing_whileTheLogReachesBackToTheSnapshotBefore(Harm harm) {
    LogAuthor author = LogAuthor.begin();
    Log log = withSnapshots(author, 4, 4, 4);

    harmNewestChunk(harm);

    Log.Recovered all = server.client().open().join();
    assertThat(all.base().position()).isEqualTo(4);
    assertThat(all.entries()).hasSize(8);
    assertThat(all.entries().getLast().nonce()).isEqualTo(author.root().nonce());
    log.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Harm.class,
      names = {"EDITED", "DELETED"})
  void harmedChunk_isNamed_whenTheLogDoesNotReachBack(Harm harm) {
    LogAuthor author = LogAuthor.begin();
    Log log = withSnapshots(author, 4, 10, 10);
    String name = newestChunks().getFirst();

    harmNewestChunk(harm);
    ApiObject segments =
        admin.get(SnapshotKinds.MANIFEST, "snapshot-segments").join().orElseThrow();
    admin.remove(SnapshotKinds.MANIFEST, segments).join();

    assertThatThrownBy(() -> server.client().open().join())
        .hasMessageContaining(name)
        .hasMessageContaining("backup");
    log.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Harm.class,
      names = {"EDITED", "DELETED"})
  void harmedChunk_isWrittenAgainByTheNextSnapshot(Harm harm) {
    LogAuthor author = LogAuthor.begin();
    Log log = withSnapshots(author, 4, 10, 10);
    harmNewestChunk(harm);

    log.snapshot(author.root()).join();

    assertThat(server.client().open().join())
        .isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Harm.class,
      names = {"EDITED", "DELETED"})
  void harmedManifest_isNamed_andWrittenAgainByTheNextSnapshot(Harm harm) {
    LogAuthor author = LogAuthor.begin();
    Log log = withSnapshots(author, 4, 10, 10);

    harm(SnapshotKinds.MANIFEST, manifest(), harm, spec -> spec.put("position", 3));

    assertThatThrownBy(() -> server.client().open().join())
        .hasMessageContaining("StoreManifest")
        .hasMessageContaining("backup");
    log.snapshot(author.root()).join();
    assertThat(server.client().open().join())
        .isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  @Test
  void chunksThatNoSnapshotNeeds_areRemovedAfterAWhile() {
    LogAuthor author = LogAuthor.begin();
    try (Log log = server.client(server.settings().withKeepChunks(Duration.ZERO))) {
      var unused = log.open().join();
      for (int i = 0; i < 6; i++) {
        append(log, author, 1);
        log.snapshot(author.root()).join();
      }
    }

    List<String> there = all(SnapshotKinds.CHUNK).stream().map(ApiObject::name).toList();
    assertThat(there).containsAll(newestChunks()).hasSizeLessThanOrEqualTo(3);
    assertThat(server.client().open().join())
        .isEqualTo(new Log.Recovered(author.root(), List.of()));
  }

  @Test
  void chunksThatWereNeededALittleWhileAgo_stay() {
    LogAuthor author = LogAuthor.begin();
    Log log = server.client();
    var unused = log.open().join();
    for (int i = 0; i < 6; i++) {
      append(log, author, 1);
      log.snapshot(author.root()).join();
    }

    assertThat(all(SnapshotKinds.CHUNK)).hasSize(6);
    assertThat(newestChunks()).isNotEmpty();
  }
}
