package io.kubekv.engine.log;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Decision;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** Writes entries that follow one another, and knows the state that they lead to. */
public final class LogAuthor {
  private static final Limits LIMITS = Limits.DEFAULT;
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);
  private static final Decider DECIDER = new Decider(LIMITS);

  private final Random random;
  private Root root;

  private LogAuthor(Random random, Root root) {
    this.random = random;
    this.root = root;
  }

  /** Before the first entry. */
  public static LogAuthor begin() {
    return new LogAuthor(new Random(), Root.EMPTY);
  }

  /** Goes on from what this one has accepted, with entries of its own. */
  public LogAuthor fork() {
    return new LogAuthor(new Random(random.nextLong()), root);
  }

  /** What the accepted entries have made. */
  public Root root() {
    return root;
  }

  /** An entry for the next position that puts a key. */
  public LogEntry next(String value) {
    return next(Bytes.utf8(value), Math.max(1, root.epoch()));
  }

  /** An entry for the next position, of a later epoch. */
  public LogEntry nextEpoch() {
    return entry(root.epoch() + 1, List.of());
  }

  /** An entry of the largest size that a log takes. */
  public LogEntry largest(int maxEntryBytes) {
    LogEntry small = next("");
    byte[] value = new byte[Math.toIntExact(maxEntryBytes - small.bytes())];
    random.nextBytes(value);
    LogEntry large = next(Bytes.copyOf(value), Math.max(1, root.epoch()));
    if (large.bytes() != maxEntryBytes) {
      throw new AssertionError("made " + large.bytes() + " bytes");
    }
    return large;
  }

  private LogEntry next(Bytes value, long epoch) {
    Request<?> put = new Request.Put(PutRequest.of(Key.of("key"), value));
    Decision<?> decision = DECIDER.decide(put, root.state(), NOW);
    return entry(epoch, decision.commits());
  }

  private LogEntry entry(long epoch, List<Commit> commits) {
    return new LogEntry(
        root.position() + 1,
        epoch,
        random.nextLong(),
        root.nonce(),
        commits,
        LogEntry.READER,
        OptionalLong.of(root.state().digest()));
  }

  /** The entry stands in the log: the next one follows it. */
  public LogEntry accept(LogEntry entry) {
    if (!entry.follows(root)) {
      throw new AssertionError("entry %d does not follow".formatted(entry.position()));
    }
    State state = root.state();
    for (Commit commit : entry.commits()) {
      state = state.apply(commit);
    }
    root = new Root(state, entry.position(), entry.epoch(), entry.nonce());
    return entry;
  }
}
