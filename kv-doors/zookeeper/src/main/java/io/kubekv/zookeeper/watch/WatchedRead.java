package io.kubekv.zookeeper.watch;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.zookeeper.node.Nodes;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What is read to be waited for then.
 *
 * @param nodes of whose request it is
 * @param data nodes that will be waited for; immutable
 * @param parents those whose children will be; immutable
 * @param read what is as recent as this
 * @param revision of what was read
 */
public record WatchedRead<T>(
    Nodes nodes,
    Set<String> data,
    Set<String> parents,
    Function<Freshness, CompletableFuture<T>> read,
    ToLongFunction<T> revision) {
  public WatchedRead {
    data = Set.copyOf(data);
    parents = Set.copyOf(parents);
  }

  /** Of a watch that tells of what comes from some moment on, whatever was read. */
  public static WatchedRead<Revision> lasting(
      Nodes nodes, Function<Freshness, CompletableFuture<Revision>> read) {
    return new WatchedRead<>(nodes, Set.of(), Set.of(), read, Revision::value);
  }

  <R> CompletableFuture<R> here(CompletableFuture<R> future) {
    return nodes.here(future);
  }

  CompletableFuture<T> atLeast(long revision) {
    return read.apply(new Freshness.AtLeast(Revision.max(nodes.seen(), new Revision(revision))));
  }
}
