package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.log.Root;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings one entry at a time to its position, again and again until it is known what stands there.
 * Everything happens in turns.
 */
final class Courier {
  /** What an entry takes beside its commits, and more. */
  static final int ENTRY_BYTES = 128;

  private static final int DIGEST_EVERY = 64;

  private final Log log;
  private final Replica replica;
  private final Tail tail;
  private final Committer.Sender sender;
  private final Committer.Owner owner;
  private boolean stopped;

  Courier(Log log, Replica replica, Tail tail, Committer.Sender sender, Committer.Owner owner) {
    this.log = log;
    this.replica = replica;
    this.tail = tail;
    this.sender = sender;
    this.owner = owner;
  }

  /** Sends what goes into one entry, or into several where it is large; none is on its way. */
  void send(Tail.Batch batch, long epoch) {
    boolean large = batch.bytes() + ENTRY_BYTES > log.maxEntryBytes();
    send(batch, epoch, large ? Parts.cut(batch.commits(), log.maxEntryBytes()) : List.of());
  }

  /** The same for the parts that are left of it; for none, as one entry. */
  void send(Tail.Batch batch, long epoch, List<LogEntry.Part> parts) {
    Root root = replica.root();
    long position = root.position() + 1;
    LogEntry entry =
        new LogEntry(
            position,
            epoch,
            sender.random().nextLong(),
            root.nonce(),
            parts.isEmpty() ? batch.commits() : List.of(),
            LogEntry.READER,
            position % DIGEST_EVERY == 0
                ? OptionalLong.of(root.state().digest())
                : OptionalLong.empty(),
            parts.stream().findFirst(),
            OptionalLong.empty());
    attempt(tail.sent(entry, batch, parts.isEmpty() ? parts : parts.subList(1, parts.size())));
  }

  private void attempt(Tail.Flight flight) {
    if (stopped || !isOnItsWay(flight)) {
      return;
    }
    LogEntry entry =
        flight.attempt() == 1
            ? flight.entry()
            : sender.rules().again(flight.entry(), replica.root());
    CompletableFuture<Log.Appended> answer;
    try {
      answer = log.append(entry);
    } catch (RuntimeException failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    var unused = answer.handle((what, failure) -> sender.inTurn(() -> appended(flight, what)));
  }

  private boolean isOnItsWay(Tail.Flight flight) {
    return tail.flight().filter(now -> now == flight).isPresent();
  }

  /** An answer alone decides nothing, but that there was no room. */
  private void appended(Tail.Flight flight, Log.@Nullable Appended what) {
    if (stopped || !isOnItsWay(flight)) {
      return;
    }
    switch (what) {
      case null -> again(flight, sender.pause());
      case Log.Appended.Full full -> {
        if (flight.attempts() > 1) {
          again(flight, full.retryAfter());
        } else {
          owner.full(full);
        }
      }
      case Log.Appended.Ours ours -> {
        if (sender.rules().isAcknowledgedByItsAnswer()) {
          flight.answers().forEach(Held.Change::answer);
        }
      }
      case Log.Appended.Taken taken -> {}
    }
  }

  private void again(Tail.Flight flight, Duration after) {
    sender.later(after, () -> attempt(flight));
  }

  void stop() {
    stopped = true;
  }
}
