package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The store without HTTP: groups, history, restarts, storage that fails. */
class ObjectStoreTest {
  private static final Duration RETENTION = Duration.ofMinutes(5);
  private static final long PLENTY = 1L << 30;

  /** Reached only by a fault. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Clocks clocks = new Clocks(now::get);

  @TempDir Path directory;

  /** A journal in memory that counts its groups, can be held up and can fail. */
  private static final class ProbedJournal implements Journal {
    final List<List<Entry>> groups = new ArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger rests = new AtomicInteger();
    volatile boolean bug;
    volatile Thread appender = Thread.currentThread();
    CountDownLatch entered = new CountDownLatch(0);
    CountDownLatch released = new CountDownLatch(0);

    @Override
    public long replay(Reader each) {
      return 0;
    }

    @Override
    public void append(List<Entry> changes) throws StorageException {
      entered.countDown();
      appender = Thread.currentThread();
      if (bug) {
        throw new IllegalStateException("a bug");
      }
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new StorageException("no space", true, new IllegalStateException());
      }
      groups.add(List.copyOf(changes));
    }

    @Override
    public void compact(long floor, List<Long> superseded) {}

    @Override
    public void betweenBatches() {
      rests.incrementAndGet();
    }

    @Override
    public void close() {}
  }

  /** A journal whose disk has no room to forget anything. */
  private record UncompactedJournal(Journal of) implements Journal {
    @Override
    public long replay(Reader each) throws StorageException {
      return of.replay(each);
    }

    @Override
    public void append(List<Entry> changes) throws StorageException {
      of.append(changes);
    }

    @Override
    public void compact(long floor, List<Long> superseded) throws StorageException {
      throw new StorageException("no space", true, new IllegalStateException());
    }

    @Override
    public void betweenBatches() {
      of.betweenBatches();
    }

    @Override
    public void close() {
      of.close();
    }
  }

  private ObjectStore open(Journal journal) throws StorageException {
    return ObjectStore.open(journal, new History(RETENTION, PLENTY), clocks);
  }

  private ObjectStore openFile() throws StorageException {
    return open(SqliteJournal.open(directory.resolve("kubekv.db")));
  }

  private static byte[] object(String name, int value) {
    ObjectNode object = ObjectJson.MAPPER.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "Thing");
    object.putObject("metadata").put("name", name);
    object.put("value", value);
    return ObjectJson.template(object);
  }

  private static CompletableFuture<ObjectStore.Committed> write(
      ObjectStore store, String name, Edit edit) {
    CompletableFuture<ObjectStore.Committed> done = new CompletableFuture<>();
    store.submit(
        store.table("g/things"),
        ObjectTable.key("", name),
        edit,
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            done.complete(committed);
          }

          @Override
          public void refused(ApiException why) {
            done.completeExceptionally(why);
          }
        });
    return done;
  }

  private static CompletableFuture<ObjectStore.Committed> put(
      ObjectStore store, String name, int value) {
    return write(store, name, current -> new Edit.Decision.Put(object(name, value)));
  }

  private static int value(ObjectStore store, String name, long revision) {
    Version version = store.table("g/things").at(ObjectTable.key("", name), revision);
    return version == null || version.deleted()
        ? -1
        : ObjectJson.parse(version).path("value").asInt(-1);
  }

  @Test
  void submit_whileAGroupIsStored_makesOneGroupOfTheRest() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    journal.entered = new CountDownLatch(1);
    journal.released = new CountDownLatch(1);
    try (ObjectStore store = open(journal)) {
      List<CompletableFuture<ObjectStore.Committed>> all = new ArrayList<>();
      all.add(put(store, "first", 0));
      journal.entered.await();
      for (int i = 0; i < 100; i++) {
        all.add(put(store, "k" + i, i));
      }

      assertThat(all).noneMatch(CompletableFuture::isDone);
      assertThat(store.revision()).isEqualTo(1);
      journal.released.countDown();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

      assertThat(journal.groups).hasSize(2);
      assertThat(journal.groups.get(1)).hasSize(100);
      assertThat(store.groups()).isEqualTo(2);
      assertThat(store.revision()).isEqualTo(102);
      assertThat(store.writesInGroups()).isTrue();
      put(store, "alone", 1).join();
      assertThat(store.writesInGroups()).isFalse();
    }
  }

  /** At once, but for moments in which the commit thread has the turn, as right after its start. */
  @Test
  void submit_aloneOnAVirtualThread_isStoredByThatThreadBeforeItReturns() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    try (ObjectStore store = open(journal)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                CompletableFuture<Boolean> stored = new CompletableFuture<>();
                Thread caller =
                    Thread.startVirtualThread(() -> stored.complete(put(store, "k", 1).isDone()));
                return stored.get() && journal.appender == caller;
              });
    }
  }

  @Test
  void submit_fromAReply_doesNotNestCommits() throws Exception {
    int changes = 20_000;
    try (ObjectStore store = open(new ProbedJournal())) {
      CompletableFuture<Long> last = new CompletableFuture<>();

      Thread.startVirtualThread(() -> putNext(store, changes, last));

      assertThat(last).succeedsWithin(PATIENCE).isEqualTo(changes + 1L);
    }
  }

  /** Each change is submitted by the reply to the one before. */
  private static void putNext(ObjectStore store, int left, CompletableFuture<Long> last) {
    store.submit(
        store.table("g/things"),
        ObjectTable.key("", "k"),
        current -> new Edit.Decision.Put(object("k", left)),
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            if (left > 1) {
              putNext(store, left - 1, last);
            } else {
              last.complete(committed.version().revision());
            }
          }

          @Override
          public void refused(ApiException why) {
            last.completeExceptionally(why);
          }
        });
  }

  @Test
  void submit_onAPlatformThread_doesNotWaitForTheDisk() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    journal.released = new CountDownLatch(1);
    try (ObjectStore store = open(journal)) {
      CompletableFuture<ObjectStore.Committed> waiting = put(store, "k", 1);

      assertThat(waiting).isNotDone();
      journal.released.countDown();
      waiting.join();
    }
  }

  @Test
  void expect_ofAChangeThatDoesNotCome_holdsNobodyUp() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    try (ObjectStore store = open(journal)) {
      store.expect();
      store.expect();

      long first = put(store, "a", 1).join().version().revision();
      store.expect();
      assertThat(put(store, "a", 2).join().version().revision()).isEqualTo(first + 1);
      assertThat(journal.groups).hasSize(2);
    }
  }

  private static Set<Thread> commitThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("kubekv-commit"))
        .collect(Collectors.toSet());
  }

  @Test
  void expect_overAndOver_ofChangesThatDoNotCome_takesNoProcessor() throws Exception {
    Set<Thread> others = commitThreads();
    ProbedJournal journal = new ProbedJournal();
    try (ObjectStore store = open(journal)) {
      Set<Thread> own = commitThreads();
      own.removeAll(others);
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < 1_000_000_000L) {
        store.expect();
      }

      for (Thread thread : own) {
        assertThat(ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()))
            .isLessThan(500_000_000L);
      }
      assertThat(journal.rests).hasValueGreaterThan(1);
      assertThat(put(store, "a", 1).join().created()).isTrue();
    }
  }

  @Test
  void submit_sameKeyTwiceInAGroup_decidesTheSecondOnTheFirst() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    journal.entered = new CountDownLatch(1);
    journal.released = new CountDownLatch(1);
    try (ObjectStore store = open(journal)) {
      var unused = put(store, "other", 0);
      journal.entered.await();
      Edit creation =
          current -> {
            if (current != null) {
              throw Statuses.alreadyExists(BuiltinTypes.namespace(), "k");
            }
            return new Edit.Decision.Put(object("k", 1));
          };
      CompletableFuture<ObjectStore.Committed> first = write(store, "k", creation);
      CompletableFuture<ObjectStore.Committed> second = write(store, "k", creation);
      journal.released.countDown();

      assertThat(first.join().created()).isTrue();
      assertThat(second.handle((c, e) -> e).join()).isNotNull();
      assertThat(store.revision()).isEqualTo(3);
    }
  }

  @Test
  void submit_whenStorageIsFull_refusesWithoutATraceAndRecovers() throws Exception {
    ProbedJournal journal = new ProbedJournal();
    try (ObjectStore store = open(journal)) {
      put(store, "k", 1).join();
      long before = store.revision();
      journal.failures.set(1);

      Throwable refusal = put(store, "k", 2).handle((c, e) -> e).join();

      assertThat(refusal).isInstanceOf(ApiException.class);
      assertThat(((ApiException) refusal).code()).isEqualTo(507);
      assertThat(value(store, "k", store.revision())).isEqualTo(1);
      assertThat(store.revision()).isEqualTo(before);
      assertThat(put(store, "k", 3).join().version().revision()).isEqualTo(before + 1);
    }
  }

  @Test
  void sqlite_atItsPageLimit_refusesWritesReadsOnAndRecovers() throws Exception {
    Path file = directory.resolve("kubekv.db");
    try (ObjectStore store = open(SqliteJournal.open(file))) {
      put(store, "k", 1).join();
    }
    SqliteJournal journal = SqliteJournal.open(file);
    journal.limitPages(8, 0);
    try (ObjectStore store = open(journal)) {
      Throwable refusal = null;
      int written = 1;
      while (refusal == null) {
        int next = written + 1;
        refusal = put(store, "k", next).handle((c, e) -> e).join();
        written = refusal == null ? next : written;
      }

      assertThat(((ApiException) refusal).code()).isEqualTo(507);
      assertThat(value(store, "k", store.revision())).isEqualTo(written);
      journal.limitPages(1000, 0);
      put(store, "k", 0).join();
    }
    try (ObjectStore store = openFile()) {
      assertThat(value(store, "k", store.revision())).isZero();
    }
  }

  @Test
  void bugInACommit_isAnsweredAsAFailure_andEndsTheCommitThread_whichIsNoticed() throws Exception {
    CompletableFuture<String> died = new CompletableFuture<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    ProbedJournal journal = new ProbedJournal();
    Thread.setDefaultUncaughtExceptionHandler((thread, why) -> died.complete(thread.getName()));
    try (ObjectStore store = open(journal)) {
      put(store, "k", 1).join();
      journal.bug = true;

      for (int i = 2; i < 5; i++) {
        Throwable refusal = put(store, "k", i).handle((done, e) -> e).get(60, TimeUnit.SECONDS);
        assertThat(((ApiException) refusal).code()).isEqualTo(500);
      }

      assertThat(died.get(60, TimeUnit.SECONDS)).isEqualTo("kubekv-commit");
      assertThat(value(store, "k", store.revision())).isEqualTo(1);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void open_moreObjectsThanMemory_isRefusedWithWhatToDo() throws Exception {
    try (ObjectStore store = openFile()) {
      for (int i = 0; i < 20; i++) {
        put(store, "k" + i, i).join();
      }
    }
    SqliteJournal journal = SqliteJournal.open(directory.resolve("kubekv.db"));
    try {
      assertThatThrownBy(
              () -> ObjectStore.open(journal, new History(RETENTION, PLENTY), clocks, 1000))
          .isInstanceOf(StorageException.class)
          .hasMessageContainingAll("has no room", "-Xmx");
    } finally {
      journal.close();
    }
    try (ObjectStore store = openFile()) {
      assertThat(value(store, "k19", store.revision())).isEqualTo(19);
    }
  }

  @Test
  void open_moreHistoryThanItsBound_takesInNoMoreThanThat() throws Exception {
    long last = 0;
    try (ObjectStore store = openFile()) {
      for (int i = 0; i < 200; i++) {
        last = put(store, "k", i).join().version().revision();
      }
    }
    Journal journal = SqliteJournal.open(directory.resolve("kubekv.db"));
    try (ObjectStore store = ObjectStore.open(journal, new History(RETENTION, 2000), clocks)) {
      assertThat(store.floor()).isBetween(last - 10, last - 1);
      assertThat(value(store, "k", store.revision())).isEqualTo(199);
      put(store, "k", 200).join();
    }
    try (ObjectStore store = openFile()) {
      assertThat(store.floor()).as("it is kept in the file").isGreaterThanOrEqualTo(last - 10);
      assertThat(value(store, "k", store.revision())).isEqualTo(200);
    }
  }

  @Test
  void open_onADiskThatIsTooFullToForgetHistory_startsAndForgetsItAtTheNextStart()
      throws Exception {
    long last = 0;
    try (ObjectStore store = openFile()) {
      for (int i = 0; i < 200; i++) {
        last = put(store, "k", i).join().version().revision();
      }
    }
    SqliteJournal journal = SqliteJournal.open(directory.resolve("kubekv.db"));
    Journal full = new UncompactedJournal(journal);
    try (ObjectStore store = ObjectStore.open(full, new History(RETENTION, 2000), clocks)) {
      assertThat(store.floor()).isBetween(last - 10, last - 1);
      assertThat(value(store, "k", store.revision())).isEqualTo(199);
      put(store, "k", 200).join();
    }
    Journal next = SqliteJournal.open(directory.resolve("kubekv.db"));
    ObjectStore.open(next, new History(RETENTION, 2000), clocks).close();
    List<Journal.Entry> kept = new ArrayList<>();
    SqliteJournal after = SqliteJournal.open(directory.resolve("kubekv.db"));
    after.replay(kept::add);
    after.close();
    assertThat(kept).hasSizeLessThan(20);
  }

  @Test
  void restart_keepsRevisionStateAndHistory() throws Exception {
    long third;
    try (ObjectStore store = openFile()) {
      put(store, "a", 1).join();
      put(store, "b", 2).join();
      third = put(store, "a", 3).join().version().revision();
      write(store, "b", current -> new Edit.Decision.Remove()).join();
    }
    try (ObjectStore store = openFile()) {
      assertThat(store.revision()).isEqualTo(third + 1);
      assertThat(value(store, "a", third - 1)).isEqualTo(1);
      assertThat(value(store, "b", third)).isEqualTo(2);
      assertThat(value(store, "b", third + 1)).isEqualTo(-1);
      List<Change> later = new ArrayList<>();
      ChangeLog log = store.table("g/things").log();
      assertThat(log.read(log.positionAfter(third - 1), store.revision(), 10, later)).isTrue();
      assertThat(later).hasSize(2);
      assertThat(put(store, "c", 4).join().version().revision()).isEqualTo(third + 2);
    }
  }

  @Test
  void compaction_afterTheRetention_forgetsHistoryOnDiskToo() throws Exception {
    long last;
    try (ObjectStore store = openFile()) {
      for (int i = 0; i < 50; i++) {
        put(store, "a", i).join();
      }
      put(store, "gone", 1).join();
      last =
          write(store, "gone", current -> new Edit.Decision.Remove()).join().version().revision();
      now.set(now.get().plus(RETENTION).plusSeconds(10));
      put(store, "b", 1).join();
      now.set(now.get().plus(RETENTION).plusSeconds(10));
      Awaitility.await().until(() -> store.floor() >= last);
    }
    List<Journal.Entry> kept = new ArrayList<>();
    SqliteJournal journal = SqliteJournal.open(directory.resolve("kubekv.db"));
    long floor = journal.replay(kept::add);
    journal.close();

    assertThat(floor).isGreaterThanOrEqualTo(last);
    assertThat(kept).extracting(Journal.Entry::key).containsExactly("/a", "/b");
    try (ObjectStore store = openFile()) {
      assertThat(store.revision()).isGreaterThanOrEqualTo(last);
      assertThat(value(store, "a", store.revision())).isEqualTo(49);
    }
  }

  @Test
  void compaction_withinTheRetention_keepsEverything() throws Exception {
    try (ObjectStore store = openFile()) {
      long first = put(store, "a", 0).join().version().revision();
      now.set(now.get().plus(RETENTION).minusSeconds(10));
      put(store, "a", 1).join();
      Awaitility.await().during(Duration.ofMillis(600)).until(() -> store.floor() < first);

      assertThat(value(store, "a", first)).isZero();
    }
  }

  @Test
  void revision_afterDeletionsWereCompacted_neverGoesBack() throws Exception {
    long last;
    try (ObjectStore store = openFile()) {
      put(store, "a", 1).join();
      last = write(store, "a", current -> new Edit.Decision.Remove()).join().version().revision();
      CompletableFuture<Void> compacted = new CompletableFuture<>();
      store.compactNow(() -> compacted.complete(null));
      compacted.join();
      Awaitility.await().until(() -> !store.table("g/things").hasMoreThan(0));
    }
    try (ObjectStore store = openFile()) {
      assertThat(store.revision()).isEqualTo(last);
    }
  }
}
