package io.kubekv.zookeeper.call;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.watch.Watcher;
import io.kubekv.zookeeper.watch.Watches;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.data.Id;

/**
 * One request of a session: for whom it is done, and where.
 *
 * @param nodes as its user may read them
 * @param whole all of them, for what the door itself has to know
 * @param ids as whom access control lists know its client; immutable
 * @param session its number
 * @param taken when its connection took it up: nothing is changed once a later one has
 * @param watcher its connection
 * @param watches of all connections
 * @param aside goes on with the request where nobody waits for the event loop, for what takes long
 */
public record Call(
    Nodes nodes,
    Nodes whole,
    List<Id> ids,
    long session,
    Revision taken,
    Watcher watcher,
    Watches watches,
    Executor aside) {
  public Call {
    ids = List.copyOf(ids);
  }

  /** What its user may do. */
  public KeyValueStore store() {
    return nodes.store();
  }

  /** The latest revision that the session was shown. */
  public Revision seen() {
    return nodes.seen();
  }

  public Freshness freshness() {
    return nodes.freshness();
  }

  /** The same future, whose dependents run where the request goes on. */
  public <T> CompletableFuture<T> here(CompletableFuture<T> future) {
    return nodes.here(future);
  }

  /**
   * What is made of something that is read, both of which may take long: neither keeps the event
   * loop. Dependents run where the request goes on.
   */
  public <T, R> CompletableFuture<R> aside(
      Supplier<CompletableFuture<T>> read, Function<T, R> made) {
    return here(
        CompletableFuture.completedFuture(read)
            .thenComposeAsync(Supplier::get, aside)
            .thenApplyAsync(made, aside));
  }
}
