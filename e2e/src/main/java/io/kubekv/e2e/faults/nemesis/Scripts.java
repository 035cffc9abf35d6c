package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.api.ApiRequest;
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
import java.util.function.Predicate;

/** The scripts of the scenarios. */
final class Scripts {
  private static final Duration ARRIVAL = Duration.ofSeconds(10);

  /** Long enough for a take-over, and short enough to wait for. */
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(4);

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long MOMENT = 300;

  private Scripts() {}

  static void latePut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.require(stage.atFormer().put(key, "first") == Result.DONE, "the first put is done");
    Gate gate = stage.hold(new Gate(Gate.changeWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.atNext().get(key);
    gate.open();
    look(stage, key);
    stage.require(stage.result(late) != Result.REFUSED, "a put is not refused");
    look(stage, key);
    stage.atNext().list(stage.prefix());
  }

  static void overtakenPut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().put(key, "first");
    Gate gate = stage.hold(new Gate(Gate.changeWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    gate.open();
    look(stage, key);
    stage.result(late);
    look(stage, key);
  }

  static void unseenPut(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().put(key, "first");
    Gate gate = stage.hold(new Gate(Gate.changeWith("late")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().put(key, "late"));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.atNext().get(key);
    stage.next().api().freezeWatches();
    gate.open();
    stage.pause(2 * MOMENT);
    stage.atNext().get(key);
    stage.next().api().thawWatches();
    stage.result(late);
    look(stage, key);
  }

  static void lateCreate(Stage stage) throws IOException {
    String key = stage.key("k");
    Gate gate = stage.hold(new Gate(Gate.changeWith("late")));
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
    Gate gate = stage.hold(new Gate(Gate.changeWith("\"cause\":\"Delete\"")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().delete(key));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().put(key, "second") == Result.DONE, "the next put is done");
    gate.open();
    look(stage, key);
    stage.result(late);
    look(stage, key);
  }

  static void lateExpiry(Stage stage) throws IOException {
    String key = stage.key("k");
    stage.atFormer().putMortal(key, TIME_TO_LIVE);
    Gate gate = stage.hold(new Gate(Gate.changeWith("\"cause\":\"Expire\"")));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().refresh(key, LONG) == Result.DONE, "the refresh is done");
    gate.open();
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT);
      stage.require(stage.atNext().look(key) == Result.DONE, "what was refreshed is there");
    }
  }

  static void lateAcquire(Stage stage) throws IOException {
    String key = stage.key("k");
    String first = stage.atFormer().begin(LONG);
    String second = stage.atFormer().begin(LONG);
    Gate gate = stage.hold(new Gate(Gate.changeWith("\"cause\":\"Acquire\"")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().acquire(key, first, LONG));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(
        stage.atNext().acquire(key, second, LONG) == Result.DONE, "the next one gets the lock");
    gate.open();
    stage.pause(MOMENT);
    stage.require(stage.result(late) != Result.DONE, "only one gets the lock");
    stage.require(stage.atNext().acquire(key, first, LONG) == Result.REFUSED, "the lock is held");
  }

  static void lateAcquireForEnded(Stage stage) throws IOException {
    String key = stage.key("k");
    String ended = stage.atFormer().begin(LONG);
    String other = stage.atFormer().begin(LONG);
    Gate gate = stage.hold(new Gate(Gate.changeWith("\"cause\":\"Acquire\"")));
    CompletableFuture<Result> late = stage.start(() -> stage.atFormer().acquire(key, ended, LONG));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().end(ended, LONG) == Result.DONE, "the session is ended");
    gate.open();
    stage.pause(MOMENT);
    stage.require(stage.result(late) != Result.DONE, "nothing is locked for an ended session");
    stage.require(
        stage.atNext().acquire(key, other, LONG) == Result.DONE, "the lock is free for others");
  }

  static void lateSessionEnd(Stage stage) throws IOException {
    String key = stage.key("k");
    Duration brief = Duration.ofSeconds(2);
    String session = stage.atFormer().begin(brief);
    String other = stage.atFormer().begin(LONG);
    stage.require(stage.atFormer().acquire(key, session, brief) == Result.DONE, "the lock is free");
    Predicate<ApiRequest> end =
        Gate.changeWith("\"type\":\"Session\"").and(Gate.changeWith("\"cause\":\"Expire\""));
    Gate gate = stage.hold(new Gate(end));
    gate.awaitArrival(ARRIVAL);
    stage.depose(gate);
    stage.require(stage.atNext().renew(session, brief) == Result.DONE, "the session lives");
    gate.open();
    for (int i = 0; i < 5; i++) {
      stage.pause(MOMENT);
      stage.require(stage.atNext().renew(session, brief) == Result.DONE, "the session lives");
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
    stage.atNext().put(stage.key("k1"), "missed");
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
                Gate.changeWith("lost").test(request) && lost.incrementAndGet() == 1
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
    Gate gate = stage.hold(new Gate(Gate.changeWith("sent once")));
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

  private static void look(Stage stage, String key) {
    for (int i = 0; i < 3; i++) {
      stage.atNext().get(key);
      stage.pause(MOMENT / 3);
    }
  }
}
