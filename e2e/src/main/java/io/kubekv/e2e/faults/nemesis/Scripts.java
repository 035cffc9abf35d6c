package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.api.Treatment;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.load.Caller;
import io.kubekv.e2e.faults.load.Watching;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The scripts of the scenarios. */
final class Scripts {
  private static final Duration ARRIVAL = Duration.ofSeconds(10);

  /** Short enough to wait for. */
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

  /** Of a session by ZooKeeper's protocol; longer than an expiry may be late. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long MOMENT = 300;

  /** A key that one of the mistakes knows. */
  private static final String LEFT_OUT = "left-out";

  private Scripts() {}

  static void latePut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    Gate first = new Gate(LogRequests::isEntry);
    stage.next().api().treat(first);
    stage.loseLease(gate);
    first.awaitArrival(Stage.PATIENCE);
    gate.open();
    stage.require(stage.result(late) == Result.DONE, "what is in the log is done");
    first.open();
    stage.awaitTakeOver();
    look(stage, key);
    stage.atNext().list(stage.prefix());
  }

  static void overtakenPut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().put(key, "first");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    gate.open();
    look(stage, key);
    stage.result(late);
    look(stage, key);
  }

  static void heldPut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.atFormer().get(key);
    stage.atFormer().list(stage.prefix());
    stage.depose(gate);
    look(stage, key);
    gate.open();
    stage.require(stage.result(late) != Result.REFUSED, "a put is not refused");
    look(stage, key);
  }

  static void quietWatch(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    stage.former().api().freezeWatches();
    CompletableFuture<Result> put = stage.start(() -> stage.atFormer().putOverEtcd(key, "second"));
    for (int i = 0; i < 3; i++) {
      stage.pause(MOMENT);
      stage.atFormer().get(key);
    }
    stage.former().api().thawWatches();
    stage.require(stage.result(put) == Result.DONE, "a put is done");
    look(stage, key);
  }

  static void restarted(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    gate.open();
    stage.result(late);
    stage.pause(2 * MOMENT); // it may have been done anew before this one has arrived
    Program former = stage.former().program();
    former.kill();
    former.start();
    former.awaitListening();
    stage.require(stage.isReady(former), "a replica that starts can read the log");
    look(stage, key);
  }

  static void lateCreate(Stage stage) throws IOException {
    String key = stage.key("k");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().create(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().create(key, "next") == Result.DONE, "the next create is done");
    gate.open();
    look(stage, key);
    stage.require(stage.result(late) != Result.DONE, "only one create is done");
    look(stage, key);
  }

  static void lateDelete(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().put(key, "first");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().delete(key));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    gate.open();
    look(stage, key);
    stage.result(late);
    look(stage, key);
  }

  /** What is left of a time to live at a take-over may be over before anybody refreshes it. */
  static void lateExpiry(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().putMortal(key, TIME_TO_LIVE) == Result.DONE, "the put is done");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    gate.awaitArrival(ARRIVAL);
    stage.loseLease(gate);
    stage.awaitLeaseAtNext();
    boolean lives = stage.atNext().refresh(key, LONG) == Result.DONE;
    stage.awaitTakeOver();
    gate.open();
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT);
      stage.require(
          stage.atNext().look(key) == (lives ? Result.DONE : Result.REFUSED),
          lives ? "what was refreshed is there" : "what has expired is gone");
    }
  }

  static void refreshInTime(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().putMortal(key, TIME_TO_LIVE) == Result.DONE, "the put is done");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    CompletableFuture<Result> refresh = stage.start(() -> stage.atFormer().refresh(key, LONG));
    gate.awaitArrival(ARRIVAL);
    stage.pause(TIME_TO_LIVE.toMillis() + MOMENT);
    gate.open();
    stage.require(stage.result(refresh) == Result.DONE, "the refresh is done");
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT / 2);
      stage.require(stage.atFormer().look(key) == Result.DONE, "what was refreshed is there");
    }
  }

  static void lateAcquire(Stage stage) throws IOException {
    String key = stage.key("k");
    String first = stage.atFormer().begin(LONG);
    String second = stage.atFormer().begin(LONG);
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().acquire(key, first, LONG));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    boolean secondHas = stage.atNext().acquire(key, second, LONG) == Result.DONE;
    gate.open();
    stage.pause(MOMENT);
    // who was deposed hands the call on, so that the next holder may decide it first
    stage.require((stage.result(late) == Result.DONE) != secondHas, "one of the two gets the lock");
    stage.require(
        stage.atNext().acquire(key, secondHas ? first : second, LONG) == Result.REFUSED,
        "the lock is held");
  }

  static void lateAcquireForEnded(Stage stage) throws IOException {
    String key = stage.key("k");
    String ended = stage.atFormer().begin(LONG);
    String other = stage.atFormer().begin(LONG);
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().acquire(key, ended, LONG));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().end(ended, LONG) == Result.DONE, "the session is ended");
    gate.open();
    stage.pause(MOMENT);
    // who was deposed hands the call on: the next holder may decide it before it ends the session
    stage.result(late);
    stage.require(
        stage.atNext().acquire(key, other, LONG) == Result.DONE,
        "nothing is locked for an ended session");
  }

  /** As with {@link #lateExpiry}: either the session lives, or it has ended before the renewal. */
  static void lateSessionEnd(Stage stage) throws IOException {
    String key = stage.key("k");
    Duration brief = Duration.ofSeconds(2);
    String session = stage.atFormer().begin(brief);
    String other = stage.atFormer().begin(LONG);
    stage.require(stage.atFormer().acquire(key, session, brief) == Result.DONE, "the lock is free");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith(key)));
    gate.awaitArrival(ARRIVAL);
    stage.loseLease(gate);
    stage.awaitLeaseAtNext();
    boolean lives = stage.atNext().renew(session, brief) == Result.DONE;
    stage.awaitTakeOver();
    gate.open();
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT);
      Result renewed = stage.atNext().renew(session, brief);
      stage.require(
          renewed == (lives ? Result.DONE : Result.REFUSED),
          lives ? "the session lives" : "a session that has ended does not come back");
    }
    if (lives) {
      stage.require(stage.atNext().acquire(key, other, LONG) == Result.REFUSED, "its lock is held");
    }
  }

  static void deposedRead(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().put(key, "first");
    Gate gate = new Gate(request -> false);
    stage.former().api().freezeWatches();
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    Caller former = stage.brieflyAtFormer();
    former.get(key);
    former.list(stage.prefix());
    look(stage, key);
  }

  static void forgotten(Stage stage) throws IOException {
    stage.atFormer().put(stage.key("k0"), "before");
    Watching watching = stage.watching();
    stage.former().api().freezeWatches();
    stage.depose(new Gate(request -> false));
    stage.atNext().put(stage.key(LEFT_OUT), "missed");
    stage.atNext().put(stage.key("k0"), "missed too");
    stage.former().api().forget();
    stage.former().api().thawWatches();
    stage.pause(2 * MOMENT);
    long last = stage.atNext().mark(stage.key("k2"), "after");
    stage.finish(watching, last);
    stage.atNext().list(stage.prefix());
  }

  static void forgetful(Stage stage) throws IOException {
    Watching watching = stage.watching();
    List<CompletableFuture<Result>> writes = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      int own = writer;
      writes.add(stage.start(() -> write(stage, own)));
    }
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT);
      stage.former().api().forget();
      stage.next().api().forget();
    }
    for (CompletableFuture<Result> write : writes) {
      stage.result(write);
    }
    long last = stage.atFormer().mark(stage.key("last"), "last");
    stage.finish(watching, last);
    stage.atFormer().list(stage.prefix());
  }

  private static Result write(Stage stage, int writer) {
    for (int i = 0; i < 40; i++) {
      stage.atFormer().put(stage.key("k" + i % 3), writer + "." + i);
      stage.atFormer().get(stage.key("k" + i % 2));
      stage.pause(20);
    }
    return Result.DONE;
  }

  static void lostAnswers(Stage stage) throws IOException {
    Watching watching = stage.watching();
    AtomicInteger lost = new AtomicInteger();
    stage
        .former()
        .api()
        .treat(
            request ->
                LogRequests.entryWith("lost").test(request) && lost.incrementAndGet() == 1
                    ? new Treatment.Swallow()
                    : Treatment.PASS);
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "lost") == Result.DONE, "a put is done");
    lost.set(0);
    stage.require(
        stage.atFormer().create(stage.key("new"), "lost too") == Result.DONE,
        "a create is done, and does not exist already by itself");
    look(stage, key);
    stage.finish(watching, stage.atFormer().mark(stage.key("last"), "last"));
  }

  static void lostConnection(Stage stage) throws IOException {
    String key = stage.key("k");
    Gate gate = stage.hold(new Gate(LogRequests.entryWith("sent once")));
    Caller client = stage.brieflyAtFormer();
    CompletableFuture<Result> first = stage.start(() -> client.create(key, "sent once"));
    gate.awaitArrival(ARRIVAL);
    stage.former().grpc().cut();
    stage.require(stage.result(first) == Result.UNKNOWN, "a lost answer is an unknown outcome");
    stage.former().grpc().heal();
    gate.open();
    stage.awaitAnswer(stage.atFormer());
    Result again = stage.atFormer().create(key, "sent again");
    stage.require(again != Result.UNKNOWN, "the second try has an outcome");
    look(stage, key);
  }

  static void endedSession(Stage stage) throws IOException {
    String key = stage.key("k");
    String session = stage.atFormer().begin(LONG);
    stage.require(stage.atFormer().end(session, LONG) == Result.DONE, "the session is ended");
    stage.require(
        stage.atFormer().acquire(key, session, LONG) != Result.DONE,
        "a session that has ended gets no lock");
  }

  /** Its client says nothing after the put, and another one looks. */
  static void quietSession(Stage stage) throws IOException {
    String key = stage.key("k");
    Caller quiet = stage.zookeeper(stage.former());
    Caller other = stage.zookeeper(stage.former());
    stage.require(quiet.putMortal(key, TIMEOUT) == Result.DONE, "the ephemeral node is made");
    stage.pause(TIMEOUT.toMillis() / 2);
    Result seen = other.look(key);
    long end = System.nanoTime() + TIMEOUT.plusMillis(4 * MOMENT).toNanos();
    while (seen == Result.DONE && System.nanoTime() < end) {
      stage.pause(MOMENT);
      seen = other.look(key);
    }
    stage.require(seen == Result.REFUSED, "the node ends with its session");
  }

  /** A replica that shows nothing new is asked for what is there now. */
  static void syncedRead(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    Caller client = stage.zookeeper(stage.next());
    stage.require(client.get(key).exists(), "the first put is read");
    stage.next().api().freezeWatches();
    stage.require(stage.atFormer().put(key, "second") == Result.DONE, "the second put is done");
    CompletableFuture<Result> read =
        stage.start(() -> client.get(key).exists() ? Result.DONE : Result.UNKNOWN);
    stage.pause(2 * MOMENT);
    stage.next().api().thawWatches();
    stage.require(stage.result(read) == Result.DONE, "it is read once the replica goes on");
    look(stage, key);
  }

  private static void look(Stage stage, String key) {
    for (int i = 0; i < 3; i++) {
      stage.atNext().get(key);
      stage.pause(MOMENT / 3);
    }
  }
}
