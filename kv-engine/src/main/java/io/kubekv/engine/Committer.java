package io.kubekv.engine;

import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.NewerVersionException;
import io.kubekv.engine.log.Root;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The side of the pipeline that faces the log: applies what is decided, in order, whoever wrote it,
 * and finds out what came of an entry that is on its way ({@link Courier}). Everything happens in
 * turns.
 */
final class Committer {
  private static final System.Logger LOGGER = System.getLogger(Committer.class.getName());

  /** What the pipeline hears. */
  interface Owner {
    /** The log has been read to some end. */
    void opened();

    /** The log cannot be read now. */
    void unopened(String reason);

    /** What is applied here does not stand in the log any more. */
    void damaged(String reason);

    /** The log asks for a snapshot. */
    void snapshotWanted();

    /** The entry on its way has come back and is applied. */
    void landed(Tail.Flight flight);

    /** Whether this replica still has the log, as far as it knows. */
    boolean mayWrite();

    /** Nobody can tell any more whether the entry on its way ever stood at its position. */
    void passedOver(Tail.Flight flight);

    /** Another's entry is applied: what was decided here leads nowhere. */
    void overtaken();

    /** The log has no room, and the entry never had an effect. */
    void full(Log.Appended.Full full);
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

  private final Log log;
  private final Replica replica;
  private final Tail tail;
  private final Sender sender;
  private final Owner owner;
  private final Courier courier;
  private final Snapshots snapshots;
  private final Consumer<String> broken;
  private boolean stopped;

  /**
   * @param broken stops the store, for the reason that it is told: nothing can be applied any more
   */
  Committer(
      Log log,
      Replica replica,
      Tail tail,
      Sender sender,
      Snapshots snapshots,
      Owner owner,
      Consumer<String> broken) {
    this.log = log;
    this.replica = replica;
    this.tail = tail;
    this.sender = sender;
    this.owner = owner;
    this.snapshots = snapshots;
    this.broken = broken;
    this.courier = new Courier(log, replica, tail, sender, owner);
  }

  /** Reads the log from the newest snapshot on, then follows it; again until that succeeds. */
  void open() {
    CompletableFuture<Log.Recovered> recovered;
    try {
      recovered = log.open();
    } catch (RuntimeException failure) {
      recovered = CompletableFuture.failedFuture(failure);
    }
    var unused = recovered.handle((all, failure) -> sender.inTurn(() -> opened(all, failure)));
  }

  private void opened(Log.@Nullable Recovered recovered, @Nullable Throwable failure) {
    if (stopped) {
      return;
    }
    if (recovered == null) {
      unopened(failure);
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

          @Override
          public void damaged(String reason) {
            sender.turns().run(() -> Committer.this.damaged(reason));
          }

          @Override
          public void snapshotWanted() {
            sender.turns().run(owner::snapshotWanted);
          }
        });
    owner.opened();
  }

  /** Who can never read it must not have the lease, for which others wait that can. */
  private void unopened(@Nullable Throwable failure) {
    if (Repair.cause(failure) instanceof NewerVersionException newer) {
      broken.accept(String.valueOf(newer.getMessage()));
    } else {
      owner.unopened(Repair.text(failure));
      sender.later(sender.pause(), this::open);
    }
  }

  private void damaged(String reason) {
    if (!stopped) {
      owner.damaged(reason);
    }
  }

  private void passOver(Root base) {
    Optional<Tail.Flight> unknown =
        tail.flight().filter(flight -> flight.entry().position() <= base.position());
    replica.restart(base);
    unknown.ifPresent(
        flight -> {
          tail.landed(replica.state());
          owner.passedOver(flight);
        });
    owner.overtaken();
  }

  private void decided(LogEntry entry) {
    if (stopped || entry.position() <= replica.root().position()) {
      return;
    }
    Optional<Tail.Flight> sent =
        tail.flight().filter(flight -> flight.entry().nonce() == entry.nonce());
    Optional<Tail.Flight> ours = sent.filter(flight -> flight.says(entry));
    Optional<String> objection = replica.apply(entry, ours.map(Tail.Flight::batch));
    if (objection.isPresent()) {
      broken.accept(objection.get());
      return;
    }
    snapshots.count(entry);
    if (ours.isPresent()) {
      came(ours.get());
    } else {
      sent.ifPresent(this::altered);
      owner.overtaken();
    }
  }

  /** An own entry has come back with other changes: whoever waits for those that were sent. */
  private void altered(Tail.Flight flight) {
    LOGGER.log(
        System.Logger.Level.ERROR,
        "others have changed entry {0} of the log before it was seen here: find out who wrote",
        flight.entry().position());
    tail.landed(replica.state());
    owner.passedOver(flight);
  }

  /** An own entry has come back. Parts go on while this replica may write. */
  private void came(Tail.Flight flight) {
    LogEntry entry = flight.entry();
    sender
        .around()
        .announcements()
        .announce(new Announcements.Word(entry.epoch(), entry.position(), entry.nonce()));
    if (sender.rules().hasHappened(entry)) {
      tail.landed(replica.state());
      owner.landed(flight);
    } else if (owner.mayWrite()) {
      courier.send(flight.batch(), entry.epoch(), flight.further());
    } else {
      owner.overtaken();
    }
  }

  /** Sends what goes into one entry, or into several where it is large; none is on its way. */
  void send(Tail.Batch batch, long epoch) {
    courier.send(batch, epoch);
  }

  void stop() {
    stopped = true;
    courier.stop();
    log.close();
  }
}
