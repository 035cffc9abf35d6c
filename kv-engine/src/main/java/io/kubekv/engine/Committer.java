package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.log.Root;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The side of the pipeline that faces the log: sends one entry at a time until it is known what
 * stands at its position, and applies what is decided, in order, whoever wrote it. Everything
 * happens in turns.
 */
final class Committer {
  /** What the pipeline hears. */
  interface Owner {
    /** The log has been read to some end. */
    void opened();

    /** The entry on its way has come back and is applied. */
    void landed(Tail.Flight flight);

    /** An entry is applied, whoever wrote it. */
    void applied(LogEntry entry);

    /** Whether this replica still has the log, as far as it knows. */
    boolean mayWrite();

    /** Nobody can tell any more whether the entry on its way ever stood at its position. */
    void passedOver(Tail.Flight flight);

    /** Another's entry is applied: what was decided here leads nowhere. */
    void overtaken();

    /** The log has no room, and the entry never had an effect. */
    void full(Duration retryAfter);

    /** Nothing can be applied any more. */
    void broken(String reason);
  }

  /**
   * What it works with.
   *
   * @param turns where everything happens
   * @param pause between two attempts
   */
  record Sender(Turns turns, Duration pause, Pipeline.Surroundings around) {
    Alarm alarm() {
      return around.alarm();
    }

    /** Gives nonces. */
    RandomGenerator random() {
      return around.random();
    }

    SafetyRules rules() {
      return around.rules();
    }

    boolean inTurn(Runnable task) {
      turns.run(task);
      return true;
    }

    void later(Duration after, Runnable task) {
      alarm().after(after, () -> turns.run(task));
    }
  }

  private static final int DIGEST_EVERY = 64;

  /** What an entry takes beside its commits, and more. */
  static final int ENTRY_BYTES = 128;

  private final Log log;
  private final Replica replica;
  private final Tail tail;
  private final Sender sender;
  private final Owner owner;
  private boolean stopped;

  Committer(Log log, Replica replica, Tail tail, Sender sender, Owner owner) {
    this.log = log;
    this.replica = replica;
    this.tail = tail;
    this.sender = sender;
    this.owner = owner;
  }

  /** Reads the log from the newest snapshot on, then follows it; again until that succeeds. */
  void open() {
    CompletableFuture<Log.Recovered> recovered;
    try {
      recovered = log.open();
    } catch (RuntimeException failure) {
      recovered = CompletableFuture.failedFuture(failure);
    }
    var unused = recovered.handle((all, failure) -> sender.inTurn(() -> opened(all)));
  }

  private void opened(Log.@Nullable Recovered recovered) {
    if (stopped) {
      return;
    }
    if (recovered == null) {
      sender.later(sender.pause(), this::open);
      return;
    }
    if (recovered.base().position() > replica.root().position()) {
      passOver(recovered.base());
    }
    recovered.entries().forEach(this::decided);
    log.follow(
        replica.root().position(),
        new Log.Listener() {
          @Override
          public void decided(LogEntry entry) {
            sender.turns().run(() -> Committer.this.decided(entry));
          }

          @Override
          public void missed() {
            sender.turns().run(Committer.this::open);
          }
        });
    owner.opened();
  }

  private void passOver(Root base) {
    Optional<Tail.Flight> unknown =
        tail.flight().filter(flight -> flight.entry().position() <= base.position());
    replica.restart(base);
    unknown.ifPresent(
        flight -> {
          tail.landed();
          owner.passedOver(flight);
        });
    owner.overtaken();
  }

  private void decided(LogEntry entry) {
    if (stopped || entry.position() <= replica.root().position()) {
      return;
    }
    Optional<Tail.Flight> ours =
        tail.flight().filter(flight -> flight.entry().nonce() == entry.nonce());
    Optional<String> objection = replica.apply(entry, ours.isPresent());
    if (objection.isPresent()) {
      owner.broken(objection.get());
      return;
    }
    owner.applied(entry);
    ours.ifPresentOrElse(this::came, owner::overtaken);
  }

  /** An own entry has come back. Parts go on while this replica may write. */
  private void came(Tail.Flight flight) {
    LogEntry entry = flight.entry();
    sender.around().announcements().announce(entry.epoch(), entry.position());
    if (sender.rules().hasHappened(entry)) {
      tail.landed();
      owner.landed(flight);
    } else if (owner.mayWrite()) {
      send(flight.batch(), entry.epoch(), flight.further());
    } else {
      owner.overtaken();
    }
  }

  /** Sends what goes into one entry, or into several where it is large; none is on its way. */
  void send(Tail.Batch batch, long epoch) {
    boolean large = batch.bytes() + ENTRY_BYTES > log.maxEntryBytes();
    send(batch, epoch, large ? Parts.cut(batch.commits(), log.maxEntryBytes()) : List.of());
  }

  private void send(Tail.Batch batch, long epoch, List<LogEntry.Part> parts) {
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
            parts.stream().findFirst());
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
          owner.full(full.retryAfter());
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
    log.close();
  }
}
