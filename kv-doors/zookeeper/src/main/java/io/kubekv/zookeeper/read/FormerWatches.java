package io.kubekv.zookeeper.read;

import io.kubekv.Await;
import io.kubekv.LimitExceededException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Use;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.watch.WatchedRead;
import io.kubekv.zookeeper.watch.Watches;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.jute.InputArchive;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.jspecify.annotations.Nullable;

/**
 * What a client waited for on its former connection. It is told of what has changed since, and
 * waits on for the rest (ZooKeeper 3.8, DataTree.setWatches).
 *
 * @param since the latest revision that it knows
 * @param exist paths of nodes that were not there
 */
public record FormerWatches(
    long since,
    Set<String> data,
    Set<String> exist,
    Set<String> children,
    Set<String> lasting,
    Set<String> recursive) {
  /** Clients send them in messages of 128 KiB, in which there are fewer. */
  public static final int MOST_PATHS = 1 << 15;

  public FormerWatches {
    if (data.size() + exist.size() + children.size() + lasting.size() + recursive.size()
        > MOST_PATHS) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
  }

  public static FormerWatches read(Op op, InputArchive from) {
    if (op == Op.SET_WATCHES) {
      SetWatches asked = Wire.read(from, new SetWatches());
      return new FormerWatches(
          asked.getRelativeZxid(),
          some(asked.getDataWatches()),
          some(asked.getExistWatches()),
          some(asked.getChildWatches()),
          Set.of(),
          Set.of());
    }
    SetWatches2 asked = Wire.read(from, new SetWatches2());
    return new FormerWatches(
        asked.getRelativeZxid(),
        some(asked.getDataWatches()),
        some(asked.getExistWatches()),
        some(asked.getChildWatches()),
        some(asked.getPersistentWatches()),
        some(asked.getPersistentRecursiveWatches()));
  }

  private static Set<String> some(@Nullable List<String> paths) {
    Set<String> some = new LinkedHashSet<>();
    (paths == null ? List.<String>of() : paths).forEach(path -> some.add(String.valueOf(path)));
    return some;
  }

  /**
   * Waits for all that may be read; of what may not, nothing is told. Each path counts as a request
   * of its own.
   */
  public CompletableFuture<Reply> set(Call call) {
    Set<String> once = new LinkedHashSet<>(data);
    once.addAll(exist);
    once.addAll(children);
    int paths = once.size() + lasting.size() + recursive.size();
    Use.current().flatMap(Use::budget).ifPresent(budget -> budget.asks(paths - 1L));
    return each(call, once, some -> these(call, some))
        .thenCompose(now -> each(call, lasting, some -> LastingWatches.former(call, some, false)))
        .thenCompose(now -> each(call, recursive, some -> LastingWatches.former(call, some, true)))
        .thenApply(now -> Reply.of(now, null));
  }

  private interface Part {
    CompletableFuture<Revision> of(List<String> paths);
  }

  /** Some after the others. */
  private static CompletableFuture<Revision> each(Call call, Set<String> paths, Part part) {
    List<String> all = List.copyOf(paths);
    CompletableFuture<Revision> done = CompletableFuture.completedFuture(call.seen());
    for (int start = 0; start < all.size(); start += Nodes.MOST_AT_ONCE) {
      List<String> some = all.subList(start, Math.min(all.size(), start + Nodes.MOST_AT_ONCE));
      done = done.thenCompose(before -> permitted(call, some, part));
    }
    return done;
  }

  /** Those of which one may not be read, or that are too much together, are tried one by one. */
  @SuppressWarnings("FutureReturnValueIgnored") // the inner future is what is returned
  private static CompletableFuture<Revision> permitted(Call call, List<String> paths, Part part) {
    return part.of(paths)
        .handle(
            (now, failed) -> {
              if (failed == null) {
                return CompletableFuture.completedFuture(now);
              }
              Throwable why = Await.cause(failed);
              boolean denied = why instanceof PermissionDeniedException;
              boolean several = paths.size() > 1;
              if (!denied && !(several && why instanceof LimitExceededException)) {
                return CompletableFuture.<Revision>failedFuture(why);
              }
              return oneByOne(call, several ? paths : List.of(), part);
            })
        .thenCompose(Function.identity());
  }

  private static CompletableFuture<Revision> oneByOne(Call call, List<String> paths, Part part) {
    CompletableFuture<Revision> done = CompletableFuture.completedFuture(call.seen());
    for (String path : paths) {
      done = done.thenCompose(before -> permitted(call, List.of(path), part));
    }
    return done;
  }

  private CompletableFuture<Revision> these(Call call, List<String> paths) {
    Watches watches = call.watches();
    Set<String> nodes = new HashSet<>(paths);
    nodes.removeIf(path -> !data.contains(path) && !exist.contains(path));
    Set<String> parents = new HashSet<>(paths);
    parents.retainAll(children);
    return watches.reading(
        new WatchedRead<>(
            call.nodes(),
            nodes,
            parents,
            freshness -> call.nodes().some(paths, freshness),
            found -> found.revision().value()),
        found -> {
          waiting(() -> paths.forEach(path -> set(call, found.of(path))));
          return found.revision();
        });
  }

  /** A client takes no notice of a refusal, so its connection ends where it cannot wait for all. */
  static void waiting(Runnable task) {
    try {
      task.run();
    } catch (OverLimitException tooMuch) {
      throw new IllegalStateException("a client waits for too much", tooMuch);
    }
  }

  private void set(Call call, Node node) {
    String path = node.path();
    long at = node.revision().value();
    if (data.contains(path)) {
      happened(node, dataChanged(node), EventType.DATA_CHANGED)
          .ifPresentOrElse(
              type -> call.watcher().happened(type, path),
              () -> call.watches().addData(path, call.watcher(), at));
    }
    if (exist.contains(path)) {
      if (node.exists()) {
        call.watcher().happened(EventType.CREATED, path);
      } else {
        call.watches().addData(path, call.watcher(), at);
      }
    }
    if (children.contains(path)) {
      happened(node, node.childrenChanged(), EventType.CHILDREN_CHANGED)
          .ifPresentOrElse(
              type -> call.watcher().happened(type, path),
              () -> call.watches().addChildren(path, call.watcher(), at));
    }
  }

  /** A node that is implied may have lost its entry at any time: of that nothing is kept. */
  private static long dataChanged(Node node) {
    boolean implied = node.entry().isEmpty() && !Special.exists(node.path());
    return implied ? node.revision().value() : node.modified();
  }

  private Optional<EventType> happened(Node node, long changed, EventType type) {
    if (!node.exists()) {
      return Optional.of(EventType.DELETED);
    }
    return changed > since ? Optional.of(type) : Optional.empty();
  }
}
