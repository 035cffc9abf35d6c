package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.Locking;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Decision;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A snapshot and the entries after it are the state. */
class SnapshotTest {
  private static final Moment NOW = at(Instant.EPOCH);
  private static final Decider DECIDER = new Decider(Limits.DEFAULT);

  private static Moment at(Instant wall) {
    return new Moment(wall, LockDelay::whole);
  }

  /** A clock that goes back now and then, by moments and by years. */
  private static Moment moment(Random random, int step) {
    long year = random.nextInt(8) == 0 ? 365L * random.nextInt(40) : 0;
    return at(
        Instant.ofEpochSecond(1_000_000_000L + step)
            .plus(Duration.ofDays(year))
            .minusMillis(random.nextInt(3_000)));
  }

  /** Entries of random requests, and the roots after each. */
  private static List<Root> roots(long seed, int length, List<LogEntry> entries) {
    Random random = new Random(seed);
    List<SessionId> sessions = new ArrayList<>();
    List<Root> roots = new ArrayList<>(List.of(Root.EMPTY));
    for (int i = 0; i < length; i++) {
      Root before = roots.getLast();
      Request<?> request = i == 0 ? new Request.Found(seed | 1) : request(random, sessions);
      Decision<?> decision = decide(request, before.state(), moment(random, i));
      LogEntry entry =
          new LogEntry(
              before.position() + 1,
              1 + i / 10,
              random.nextLong(),
              before.nonce(),
              decision.commits(),
              LogEntry.READER,
              OptionalLong.of(before.state().digest()));
      entries.add(entry);
      roots.add(after(before, entry));
    }
    return roots;
  }

  /** A compaction may be refused. */
  private static Decision<?> decide(Request<?> request, State before, Moment now) {
    try {
      return DECIDER.decide(request, before, now);
    } catch (StoreException refused) {
      return DECIDER.decide(new Request.Nothing(), before, now);
    }
  }

  private static Root after(Root before, LogEntry entry) {
    assertThat(entry.follows(before)).isTrue();
    State state = before.state();
    for (Commit commit : entry.commits()) {
      state = state.apply(commit);
    }
    return new Root(state, entry.position(), entry.epoch(), entry.nonce());
  }

  private static Request<?> passed(Random random, List<SessionId> sessions, PutRequest put) {
    return sessions.isEmpty()
        ? new Request.Put(put)
        : new Request.PassTime(
            random.nextInt(1_000),
            new Revision(random.nextInt(50)),
            Map.of(sessions.get(random.nextInt(sessions.size())), random.nextLong()));
  }

  private static Request<?> request(Random random, List<SessionId> sessions) {
    String directory = List.of("", "k3/", "d/", "d/e/").get(random.nextInt(4));
    PutRequest put =
        PutRequest.of(
            Key.of(directory + "k" + random.nextInt(6)), Bytes.utf8("v" + random.nextInt()));
    return switch (random.nextInt(15)) {
      case 14 -> new Request.Put(put.withLayout(Layout.NODES).withMetadata(put.value()));
      case 13 ->
          new Request.Transact(
              TransactionRequest.of(
                  new TransactionOperation.SetMetadata(
                      put.key(), OptionalInt.empty(), put.value())));
      case 12 ->
          new Request.Put(
              put.withMode(PutMode.REPLACE)
                  .withPrecondition(new Precondition.VersionIs(1 + random.nextInt(3))));
      case 11 ->
          sessions.isEmpty()
              ? new Request.Put(put)
              : new Request.TakeUpSession(sessions.get(random.nextInt(sessions.size())));
      case 9 -> new Request.Put(put.withNaming(new Prefix(directory + "k"), Naming.SEQUENCE));
      case 8 -> new Request.Compact(new Revision(random.nextInt(50)));
      case 0 -> {
        SessionId id = new SessionId(new UUID(random.nextLong(), random.nextLong()));
        sessions.add(id);
        yield new Request.BeginSession(SessionSpec.of(id).withLockDelay(Duration.ofSeconds(9)));
      }
      case 1 ->
          sessions.isEmpty()
              ? new Request.Nothing()
              : new Request.EndSession(sessions.get(random.nextInt(sessions.size())));
      case 2 ->
          sessions.isEmpty()
              ? new Request.Put(put)
              : new Request.Put(put.withLocking(new Locking.Acquire(sessions.getLast())));
      case 3 -> new Request.DeleteRange(new Range.Exact(put.key()));
      case 4 -> new Request.Put(put.withTimeToLive(Duration.ofSeconds(random.nextInt(100))));
      case 5 -> passed(random, sessions, put);
      case 7 ->
          sessions.isEmpty()
              ? new Request.Put(put)
              : new Request.Put(
                  put.withAttachment(
                      new Attachment.To(sessions.get(random.nextInt(sessions.size())))));
      case 6 ->
          sessions.isEmpty()
              ? new Request.Put(put)
              : new Request.RenewSession(sessions.get(random.nextInt(sessions.size())));
      default -> new Request.Put(put);
    };
  }

  @Property(tries = 100)
  void snapshotAndEntriesAfterIt_areTheState(@ForAll long seed) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    List<Root> roots = roots(seed, 60, entries);
    int at = new Random(seed).nextInt(roots.size());
    Snapshot snapshot = Snapshot.of(roots.get(at));

    Root root = read(snapshot);
    assertThat(root).isEqualTo(roots.get(at));
    for (LogEntry entry : entries.subList(at, entries.size())) {
      assertThat(entry.digest()).hasValue(root.state().digest());
      root = after(root, entry);
    }

    assertThat(root).isEqualTo(roots.getLast());
  }

  private static Root read(Snapshot snapshot) throws IOException {
    return Snapshot.read(
        snapshot.manifest(),
        name -> Optional.ofNullable(snapshot.chunks().get(name)).orElseThrow());
  }

  private static Root filled(int keys) {
    State state = State.EMPTY;
    for (int i = 0; i < keys; i++) {
      state = with(state, i, "v".repeat(200) + i);
    }
    return new Root(state, 1, 1, 1);
  }

  private static State with(State state, int key, String value) {
    PutRequest put = PutRequest.of(Key.of("docker/network/%05d".formatted(key)), Bytes.utf8(value));
    return DECIDER.decide(new Request.Put(put), state, NOW).after();
  }

  @Test
  void chunks_areOfTheirSize() {
    List<Bytes> chunks = List.copyOf(Snapshot.of(filled(5_000)).chunks().values());

    assertThat(chunks).hasSizeBetween(9, 25);
    assertThat(chunks.subList(0, chunks.size() - 1))
        .allSatisfy(chunk -> assertThat(chunk.size()).isBetween(64 << 10, 128 << 10));
    assertThat(chunks.getLast().size()).isLessThanOrEqualTo(128 << 10);
  }

  @Test
  void aFewChanges_leaveTheOtherChunksAsTheyWere() {
    Root before = filled(5_000);
    State changed = with(before.state(), 2_500, "changed");
    changed = with(changed, 12_345, "new");
    Set<String> names = new HashSet<>(Snapshot.of(new Root(changed, 2, 1, 2)).chunks().keySet());
    int all = names.size();

    names.removeAll(Snapshot.of(before).chunks().keySet());

    assertThat(all).isGreaterThan(8);
    assertThat(names.size()).isBetween(1, 4);
  }

  @Test
  void damagedChunk_isNamed() {
    Snapshot snapshot = Snapshot.of(filled(10));
    Map.Entry<String, Bytes> only = snapshot.chunks().entrySet().iterator().next();
    byte[] damaged = only.getValue().toArray();
    damaged[damaged.length / 2] ^= 1;

    assertThatThrownBy(() -> Snapshot.read(snapshot.manifest(), name -> Bytes.copyOf(damaged)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(only.getKey());
  }
}
