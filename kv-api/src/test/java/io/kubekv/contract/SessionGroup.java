package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.LockState;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Short words for what tests of promise 9 say often. */
abstract class SessionGroup extends ContractGroup {
  /** A session of this time to live ends after twice as long. */
  static final Duration TTL = Duration.ofMillis(600);

  SessionGroup(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  Sessions sessions() {
    return store().sessions();
  }

  /** A new session for ever. */
  SessionId session() {
    return begun(SessionSpec.random());
  }

  SessionId begun(SessionSpec spec) {
    return Await.change(sessions().create(spec)).id();
  }

  Optional<Session> session(SessionId id) {
    return Await.read(sessions().get(id, Freshness.LINEARIZABLE)).session();
  }

  static PutRequest acquisition(String key, String value, SessionId session) {
    return value(key, value).withLocking(new Locking.Acquire(session));
  }

  static PutRequest release(String key, String value, SessionId session) {
    return value(key, value).withLocking(new Locking.Release(session));
  }

  static PutRequest handOver(String key, String value, SessionId session, SessionId next) {
    return value(key, value).withLocking(new Locking.HandOver(session, next));
  }

  /** Acquires a key; the fencing token. */
  Revision acquired(String key, SessionId session) {
    LockState lock = stored(acquisition(key, "held", session)).entry().lock();
    assertThat(lock.isHeldBy(session)).isTrue();
    return lock.acquireRevision().orElseThrow();
  }

  LockState lock(String key) {
    return get(key).orElseThrow().lock();
  }

  void awaitFree(String key) {
    eventually(key + " is held by nobody", () -> lock(key).holder().isEmpty());
  }

  void awaitEnd(SessionId id) {
    eventually("session " + id + " has ended", () -> session(id).isEmpty());
  }

  void pass(Duration time) {
    harness().clock().advance(time);
  }
}
