package io.kubekv.k8s.log;

import static io.kubekv.k8s.log.EngineHarness.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.embedded.Faults;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Entries are copied out of the ring, so that it goes round many times for one snapshot. */
class SegmentsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SLOTS = 16;
  private static final String LIST = "snapshot-segments";

  private final LogOnServer server = new LogOnServer(SLOTS);
  private final ObjectApi admin = server.admin();
  private final LogAuthor author = LogAuthor.begin();
  private final List<LogEntry> written = new ArrayList<>();
  private final List<EngineStore> stores = new ArrayList<>();

  @AfterEach
  void close() {
    stores.forEach(EngineStore::close);
    server.close();
  }

  private EngineStore store(KubernetesLog log) {
    EngineStore store = EngineStore.open(log, server.lease(log), EngineSettings.DEFAULT);
    stores.add(store);
    awaitReady(store);
    return store;
  }

  private static void put(EngineStore store, int from, int to) {
    for (int i = from; i < to; i++) {
      var unused =
          Await.change(store.put(PutRequest.of(Key.of("key" + i), Bytes.utf8("value" + i))));
    }
  }

  private static void assertHas(EngineStore store, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(Await.read(store.get(Key.of("key" + i), Freshness.LINEARIZABLE)).entry())
          .isPresent();
    }
  }

  /** A log that was read and is followed. */
  private KubernetesLog opened() {
    KubernetesLog log = server.client();
    Log.Recovered all = log.open().join();
    log.follow(
        all.base().position() + all.entries().size(),
        new Log.Listener() {
          @Override
          public void decided(LogEntry entry) {}

          @Override
          public void missed() {}
        });
    return log;
  }

  private static Log.Appended send(Log log, LogEntry entry) {
    return Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(() -> log.append(entry).join(), answer -> true);
  }

  private void append(Log log, int count) {
    for (int i = 0; i < count; i++) {
      LogEntry entry = author.next("value " + written.size());
      Awaitility.await()
          .atMost(SOON)
          .until(() -> send(log, entry), new Log.Appended.Ours()::equals);
      written.add(author.accept(entry));
    }
  }

  private Log.Recovered recovered() {
    return server.client().open().join();
  }

  private List<ApiObject> chunks() {
    return admin.list(SnapshotKinds.CHUNK, true).join().objects();
  }

  private long chunkBytes() {
    return chunks().stream().mapToLong(chunk -> chunk.spec().path("bytes").asLong()).sum();
  }

  private JsonNode segments() {
    return admin.get(SnapshotKinds.MANIFEST, LIST).join().orElseThrow().spec().path("segments");
  }

  private ApiObject firstSegment() {
    String name = segments().path(0).path("chunk").asString();
    return admin.get(SnapshotKinds.CHUNK, name).join().orElseThrow();
  }

  private void harm(ApiKind kind, ApiObject object, boolean delete) {
    if (delete) {
      admin.remove(kind, object).join();
    } else {
      ObjectNode spec = (ObjectNode) object.spec().deepCopy();
      spec.put("bytes", 1).put("position", 1);
      admin.replace(kind, object.name(), object.version(), spec, "").join();
    }
  }

  private static boolean isListWrite(Faults.Call call) {
    return call.write()
        && call.path().contains("/storemanifests")
        && !call.path().endsWith("/snapshot");
  }

  @Test
  void manyLaps_writeWhatWasPut_andNoSnapshotOfTheState() {
    KubernetesLog log = server.client();
    EngineStore store = store(log);
    byte[] large = new byte[20_000];
    new Random(7).nextBytes(large);
    for (int i = 0; i < 30; i++) {
      var unused = Await.change(store.put(PutRequest.of(Key.of("large" + i), Bytes.copyOf(large))));
    }
    long before = chunkBytes();

    put(store, 0, 8 * SLOTS);

    assertThat(log.figures().snapshots()).isZero();
    assertThat(log.figures().segments()).isPositive();
    assertThat(chunkBytes() - before).isLessThan(30L * large.length + 8 * SLOTS * 300L);
    store.close();
    EngineStore next = store(server.client());
    assertHas(next, 8 * SLOTS);
    assertThat(Await.read(next.get(Key.of("large29"), Freshness.LINEARIZABLE)).entry()).isPresent();
  }

  @Test
  void manySegments_areCutByASnapshot_beforeTheLogIsFull() {
    KubernetesLog log = server.client();
    EngineStore store = store(log);

    put(store, 0, 40 * SLOTS);

    Awaitility.await().atMost(SOON).until(() -> log.figures().snapshots() > 0);
    assertThat(segments().size()).isLessThanOrEqualTo(64);
    store.close();
    assertHas(store(server.client()), 40 * SLOTS);
  }

  @Test
  void snapshotThenSegmentsThenRing_areReadInOrder() {
    Log log = opened();
    append(log, 5);
    log.snapshot(author.root()).join();
    append(log, 3 * SLOTS);

    Log.Recovered all = recovered();

    assertThat(all.base().position()).isEqualTo(5);
    assertThat(all.entries()).isEqualTo(written.subList(5, written.size()));
    assertThat(segments().size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void listThatIsNotWritten_holdsUpWriters_andLosesNothing() {
    Log log = opened();
    server.faults().inject(SegmentsTest::isListWrite, new Faults.Fault.DropRequest());
    LogEntry refused = author.next("value");
    while (send(log, refused) instanceof Log.Appended.Ours) {
      written.add(author.accept(refused));
      assertThat(written.size()).isLessThanOrEqualTo(SLOTS);
      refused = author.next("value");
    }

    assertThat(written).hasSize(SLOTS);
    assertThat(chunks()).isNotEmpty();
    assertThat(recovered().entries()).isEqualTo(written);
    server.faults().clear();
    append(log, 2 * SLOTS);
    assertThat(recovered().entries()).isEqualTo(written);
  }

  @Test
  void fullLog_saysWhatHindersTheCopying() {
    Log log = opened();
    server
        .faults()
        .inject(
            call -> call.write() && call.path().contains("/storechunks"),
            new Faults.Fault.ErrorBeforeCommit());
    append(log, SLOTS);

    assertThat(send(log, author.next("value")))
        .isInstanceOfSatisfying(
            Log.Appended.Full.class,
            full ->
                assertThat(full.reason())
                    .startsWith("the log is full: entries of the log could not be copied")
                    .endsWith("injected fault"));
  }

  @Test
  void deposedReplica_whoseListComesLate_changesNothing() {
    Log first = opened();
    CompletableFuture<Void> arrives = new CompletableFuture<>();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    server
        .faults()
        .inject(
            1,
            call -> isListWrite(call) && sent.complete(null),
            new Faults.Fault.HoldRequest(arrives));
    append(first, SLOTS - 4);
    assertThat(sent).succeedsWithin(SOON); // else it would be the second's that is held
    Log second = opened();
    append(second, 2 * SLOTS);

    arrives.complete(null);

    append(second, SLOTS);
    assertThat(recovered().entries()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void harmedSegment_isReplacedByASnapshot_whileAReplicaRuns(boolean delete) {
    KubernetesLog log = server.client();
    EngineStore store = store(log);
    put(store, 0, 2 * SLOTS);
    assertThat(log.figures().snapshots()).isZero();

    harm(SnapshotKinds.CHUNK, firstSegment(), delete);

    put(store, 2 * SLOTS, 4 * SLOTS);
    Awaitility.await().atMost(SOON).until(() -> log.figures().snapshots() > 0);
    put(store, 4 * SLOTS, 6 * SLOTS);
    store.close();
    assertHas(store(server.client()), 6 * SLOTS);
  }

  /** Tries again when the replica writes the list at the same time. */
  private void harmList(boolean delete) {
    Awaitility.await()
        .atMost(SOON)
        .ignoreException(CompletionException.class)
        .until(
            () -> {
              ApiObject list = admin.get(SnapshotKinds.MANIFEST, LIST).join().orElseThrow();
              harm(SnapshotKinds.MANIFEST, list, delete);
              return true;
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void harmedList_isReplacedByASnapshot_whileAReplicaRuns(boolean delete) {
    KubernetesLog log = server.client();
    EngineStore store = store(log);
    put(store, 0, 2 * SLOTS);

    harmList(delete);

    put(store, 2 * SLOTS, 6 * SLOTS);
    assertThat(log.figures().snapshots()).isPositive();
    store.close();
    assertHas(store(server.client()), 6 * SLOTS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void harmedSegmentOrList_whileNobodyRuns_isNamed(boolean list) {
    Log log = opened();
    append(log, 3 * SLOTS);
    log.close();
    ApiObject segment = firstSegment();
    ApiObject standing = admin.get(SnapshotKinds.MANIFEST, LIST).join().orElseThrow();

    harm(list ? SnapshotKinds.MANIFEST : SnapshotKinds.CHUNK, list ? standing : segment, true);

    assertThatThrownBy(this::recovered)
        .hasMessageContaining(list ? LIST : segment.name())
        .hasMessageContaining("backup");
  }

  @Test
  void harmedSegment_losesNothing_whileTheRingReachesBack() {
    Log log = opened();
    append(log, SLOTS - 2);
    Awaitility.await().atMost(SOON).until(() -> segments().size() > 0);
    log.close();

    harm(SnapshotKinds.CHUNK, firstSegment(), true);

    assertThat(recovered().entries()).isEqualTo(written);
    EngineStore store = store(server.client());
    put(store, 0, 3 * SLOTS);
    store.close();
    assertHas(store(server.client()), 3 * SLOTS);
  }

  @Test
  void snapshotWithAHarmedChunk_isReplacedByTheOneBefore_andTheSegmentsAfterIt() {
    Log log = opened();
    append(log, 4);
    log.snapshot(author.root()).join();
    append(log, 2 * SLOTS);
    log.snapshot(author.root()).join();
    append(log, 2 * SLOTS);
    String newest = newestChunk();

    harm(SnapshotKinds.CHUNK, admin.get(SnapshotKinds.CHUNK, newest).join().orElseThrow(), true);

    Log.Recovered all = recovered();
    assertThat(all.base().position()).isEqualTo(4);
    assertThat(all.entries()).isEqualTo(written.subList(4, written.size()));
  }

  private String newestChunk() {
    ApiObject manifest = admin.get(SnapshotKinds.MANIFEST, "snapshot").join().orElseThrow();
    try {
      return Snapshot.chunkNames(Bytes.base64(manifest.spec().path("manifest").asString()))
          .getFirst();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
