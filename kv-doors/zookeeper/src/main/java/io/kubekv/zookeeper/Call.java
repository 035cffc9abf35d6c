package io.kubekv.zookeeper;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.data.Id;

/**
 * One request of a session: for whom it is done, and where.
 *
 * @param store what its user may do
 * @param whole all of it, for what the door itself has to know
 * @param ids as whom access control lists know its client; immutable
 * @param session its number
 * @param seen the latest revision that the session was shown; reads are not of an earlier one
 * @param watcher its connection
 * @param watches of all connections
 * @param loop goes on with it
 */
record Call(
    KeyValueStore store,
    KeyValueStore whole,
    List<Id> ids,
    long session,
    Revision seen,
    Watcher watcher,
    Watches watches,
    Executor loop) {
  Call {
    ids = List.copyOf(ids);
  }

  /** The same, as the door may read it. */
  Call ofDoor() {
    return new Call(whole, whole, ids, session, seen, watcher, watches, loop);
  }

  Freshness freshness() {
    return new Freshness.AtLeast(seen);
  }

  /** The same future, whose dependents run where the request goes on. */
  <T> CompletableFuture<T> here(CompletableFuture<T> future) {
    return future.isDone() ? future : future.whenCompleteAsync((done, failed) -> {}, loop);
  }
}
