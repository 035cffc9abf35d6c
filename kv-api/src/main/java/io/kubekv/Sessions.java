package io.kubekv;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The sessions of a store: what locks are held by (Consul's model), and what entries end with that
 * are attached to them (etcd v3's leases, ZooKeeper's sessions). Part of {@link KeyValueStore},
 * whose rules on threads, futures and failures hold here, too.
 *
 * <p>A session with a time to live ends by itself when that time, or twice that time ({@link
 * SessionSpec#span}), has passed since its creation or its last acknowledged renewal, or since
 * another replica took over: not sooner, and within a bound that the store states. Twice, because
 * Consul's sessions do and libkv asks for half of what it needs.
 *
 * <p>The end of a session is one change, of one revision. From it on the session holds nothing and
 * nothing is attached to it. Each key that it held is released or deleted with it, as the session's
 * behavior says, and each entry that was attached to it is deleted, in the order of the keys and
 * with {@link Cause#SESSION_END}. What it held cannot be acquired for the session's lock delay,
 * counted from the end; what was only attached can. Who is told by a linearizable read or a renewal
 * that a session is gone finds what it held free, unless the store has trouble with what is behind
 * it.
 */
public interface Sessions {
  /**
   * Begins a session. When one of this id lives already, it is answered as it is and nothing
   * changes: a creation whose outcome is unknown can be sent again.
   */
  CompletableFuture<Session> create(SessionSpec spec);

  /**
   * Starts the session's time to live anew; empty when there is no such session. Need not make a
   * revision. A renewal and an end that race have one winner.
   */
  CompletableFuture<Optional<Session>> renew(SessionId id);

  /**
   * Starts the session's time to live anew as {@link #renew} does, and changes the session: its
   * modify revision is that of this change. So whoever took it up before can be kept from changing
   * anything more ({@link TransactionOperation.CheckSession}). Empty when there is no such session.
   */
  CompletableFuture<Optional<Session>> takeUp(SessionId id);

  /**
   * Ends a session; its keys follow. Whether there was one. When that is said, the session holds
   * nothing, and what it held is released or deleted, or soon will be.
   */
  CompletableFuture<Boolean> destroy(SessionId id);

  /** The keys that are attached to a session. */
  CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness);

  /** One session. */
  CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness);

  /** All sessions. */
  CompletableFuture<SessionListing> list(Freshness freshness);

  /**
   * Answers when a session has begun or ended after {@code changed}; whether one did within {@code
   * atMost}. Answers early, with false, when the store is closed. Who no longer waits cancels it.
   */
  CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost);
}
