package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Makes single calls at one replica, over gRPC or by ZooKeeper's protocol, and notes what they
 * tell. Each call is sent once and has its deadline. Over gRPC it is thread-safe; by ZooKeeper's
 * protocol it is for one thread at a time.
 */
public final class Caller implements AutoCloseable {
  private final String name;
  private final Endpoint endpoint;
  private final History history;
  private final Duration deadline;
  private final Door door;
  private final Sessions sessions;
  private final Mortals mortals;
  private final Runnable close;

  private <S extends Sessions & Mortals> Caller(
      String name,
      Endpoint endpoint,
      History history,
      Duration deadline,
      Door door,
      S sessions,
      Runnable close) {
    this.name = name;
    this.endpoint = endpoint;
    this.history = history;
    this.deadline = deadline;
    this.door = door;
    this.sessions = sessions;
    this.mortals = sessions;
    this.close = close;
  }

  /**
   * Over gRPC.
   *
   * @param name in the history
   */
  public static Caller grpc(String name, Endpoint endpoint, History history, Duration deadline) {
    GrpcDoor door = new GrpcDoor(endpoint, deadline);
    return new Caller(name, endpoint, history, deadline, door, door, door::close);
  }

  /**
   * By ZooKeeper's protocol: it reads after a sync, and what lives for a time is an ephemeral node
   * of a session of its own.
   *
   * @param name in the history
   */
  public static Caller zookeeper(
      String name, Endpoint endpoint, History history, Duration deadline) {
    Disorders disorders = new Disorders(history);
    ZooKeeperDoor door = new ZooKeeperDoor(endpoint, deadline, disorders);
    ZooKeeperSessions sessions =
        new ZooKeeperSessions(endpoint, deadline, disorders, new ConcurrentHashMap<>());
    Runnable close =
        () -> {
          door.close();
          sessions.close();
        };
    return new Caller(name, endpoint, history, deadline, door, sessions, close);
  }

  public Result put(String key, String value) {
    return operate(Action.PUT, key, value).result();
  }

  /** The same over etcd v2, where nobody waits until the replica shows what it has stored. */
  public Result putOverEtcd(String key, String value) {
    Door etcd = new EtcdDoor(endpoint, deadline);
    try {
      return operate(etcd, Action.PUT, key, value).result();
    } finally {
      etcd.close();
    }
  }

  public Result create(String key, String value) {
    return operate(Action.CREATE, key, value).result();
  }

  public Result delete(String key) {
    return operate(Action.DELETE, key, "").result();
  }

  /** What it sees; {@link Sight#NONE} without an answer. */
  public Sight get(String key) {
    return operate(Action.GET, key, "").seen();
  }

  /** The revision of a put that was done; 0 of one that was not. */
  public long mark(String key, String value) {
    return operate(Action.PUT, key, value).revision();
  }

  /** Whether there was an answer. */
  public boolean list(String prefix) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Optional<Door.Listing> listing = door.list(prefix);
    Call call = call(id, invoked);
    listing.ifPresent(
        seen -> history.add(new ListSeen(call, prefix, seen.revision(), seen.items())));
    return listing.isPresent();
  }

  public Result putMortal(String key, Duration timeToLive) {
    return mortal(
        MortalCall.Step.PUT, key, timeToLive, () -> mortals.put(key, "mortal", timeToLive));
  }

  public Result refresh(String key, Duration timeToLive) {
    return mortal(MortalCall.Step.REFRESH, key, timeToLive, () -> mortals.refresh(key, timeToLive));
  }

  /** Refused: it is not there. */
  public Result look(String key) {
    return mortal(MortalCall.Step.LOOK, key, Duration.ZERO, () -> mortals.look(key));
  }

  /** The new session's id; empty when there is none. */
  public String begin(Duration timeToLive) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Sessions.Begun begun = sessions.begin(timeToLive);
    note(id, invoked, LockCall.Step.BEGIN, "", begun.id(), timeToLive, begun.result(), 0);
    return begun.result() == Result.DONE ? begun.id() : "";
  }

  public Result renew(String session, Duration timeToLive) {
    return lock(LockCall.Step.RENEW, "", session, timeToLive, () -> sessions.renew(session));
  }

  public Result end(String session, Duration timeToLive) {
    return lock(LockCall.Step.END, "", session, timeToLive, () -> sessions.end(session));
  }

  public Result acquire(String key, String session, Duration timeToLive) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Door.Acquired acquired = sessions.acquire(key, session, name + "-" + id);
    note(
        id,
        invoked,
        LockCall.Step.ACQUIRE,
        key,
        session,
        timeToLive,
        acquired.result(),
        acquired.token());
    return acquired.result();
  }

  private Answer operate(Action action, String key, String value) {
    return operate(door, action, key, value);
  }

  private Answer operate(Door at, Action action, String key, String value) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Answer answer = at.call(action, key, value, 0);
    history.add(
        new Operation(
            call(at, id, invoked),
            action,
            key,
            value,
            0,
            answer.result(),
            answer.seen(),
            answer.revision()));
    return answer;
  }

  private Result mortal(
      MortalCall.Step step, String key, Duration timeToLive, Supplier<Result> send) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Result result = send.get();
    boolean looks = step == MortalCall.Step.LOOK;
    Result noted = looks && result == Result.REFUSED ? Result.DONE : result;
    history.add(
        new MortalCall(
            call(id, invoked),
            step,
            key,
            timeToLive.toMillis(),
            noted,
            looks && result == Result.DONE));
    return result;
  }

  private Result lock(
      LockCall.Step step, String key, String session, Duration timeToLive, Supplier<Result> send) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Result result = send.get();
    note(id, invoked, step, key, session, timeToLive, result, 0);
    return result;
  }

  private void note(
      long id,
      long invoked,
      LockCall.Step step,
      String key,
      String session,
      Duration timeToLive,
      Result result,
      long token) {
    history.add(
        new LockCall(call(id, invoked), step, key, session, timeToLive.toMillis(), result, token));
  }

  private Call call(long id, long invoked) {
    return call(door, id, invoked);
  }

  private Call call(Door at, long id, long invoked) {
    return new Call(id, name, at.name(), endpoint.name(), invoked, System.nanoTime());
  }

  @Override
  public void close() {
    close.run();
  }
}
