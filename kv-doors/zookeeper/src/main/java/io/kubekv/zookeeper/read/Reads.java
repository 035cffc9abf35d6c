package io.kubekv.zookeeper.read;

import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Descendants;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.session.SessionIds;
import io.kubekv.zookeeper.watch.WatchedRead;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.jspecify.annotations.Nullable;

/** Requests that change nothing. */
public final class Reads {
  private final Call call;

  public Reads(Call call) {
    this.call = call;
  }

  /** Fails where a request names no path. Of what no node can be called there is none. */
  public static String present(@Nullable String path) {
    if (path == null) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
    return path;
  }

  /** Only this looks for a character 0 (ZooKeeper 3.8, FinalRequestProcessor). */
  public CompletableFuture<Reply> exists(String path, boolean watch) {
    if (present(path).indexOf('\0') >= 0) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
    return watching(
        path,
        watch,
        false,
        Function.identity(),
        (node, set) -> {
          if (node.exists()) {
            Acls.require(node.acl(), Acls.READ, call.ids());
          }
          if (set) {
            call.watches().addData(path, call.watcher(), node.revision().value());
          }
          return node.exists()
              ? Reply.of(node.revision(), new ExistsResponse(node.stat()))
              : Reply.error(Code.NO_NODE, node.revision());
        },
        freshness -> call.nodes().one(path, freshness));
  }

  public CompletableFuture<Reply> getData(String path, boolean watch) {
    return watching(
        present(path),
        watch,
        false,
        Function.identity(),
        (node, set) -> {
          if (!node.exists()) {
            return Reply.error(Code.NO_NODE, node.revision());
          }
          Acls.require(node.acl(), Acls.READ, call.ids());
          if (set) {
            call.watches().addData(path, call.watcher(), node.revision().value());
          }
          return Reply.of(node.revision(), new GetDataResponse(node.data(), node.stat()));
        },
        freshness -> call.nodes().one(path, freshness));
  }

  public CompletableFuture<Reply> getChildren(String path, boolean watch, boolean withStat) {
    return watching(
        present(path),
        watch,
        true,
        Nodes.WithChildren::node,
        (found, set) -> {
          Node node = found.node();
          if (!node.exists()) {
            return Reply.error(Code.NO_NODE, node.revision());
          }
          Acls.require(node.acl(), Acls.READ, call.ids());
          if (set) {
            call.watches().addChildren(path, call.watcher(), node.revision().value());
          }
          return Reply.of(
              node.revision(),
              withStat
                  ? new GetChildren2Response(found.names(), node.stat())
                  : new GetChildrenResponse(found.names()));
        },
        freshness -> call.nodes().withChildren(path, freshness));
  }

  private interface Answer<T> {
    Reply of(T found, boolean watch);
  }

  /**
   * Reads and, where it is wished, waits for what comes after it. An event before the answer would
   * be none of its watch to a client: what has happened meanwhile is read, and what comes later is
   * told behind the answer.
   */
  private <T> CompletableFuture<Reply> watching(
      String path,
      boolean wished,
      boolean children,
      Function<T, Node> node,
      Answer<T> answer,
      Function<Freshness, CompletableFuture<T>> read) {
    if (!wished) {
      return read.apply(call.freshness()).thenApply(found -> answer.of(found, false));
    }
    ToLongFunction<T> revision = found -> node.apply(found).revision().value();
    Set<String> itself = Set.of(path);
    return call.watches()
        .reading(
            new WatchedRead<>(
                call.nodes(),
                children ? Set.of() : itself,
                children ? itself : Set.of(),
                read,
                revision),
            found -> {
              call.watcher().owes(revision.applyAsLong(found));
              return answer.of(found, true);
            });
  }

  public CompletableFuture<Reply> getAcl(String path) {
    return call.nodes()
        .one(present(path), call.freshness())
        .thenApply(
            node -> {
              if (!node.exists()) {
                return Reply.error(Code.NO_NODE, node.revision());
              }
              List<ACL> acl = node.acl();
              Acls.require(acl, Acls.READ | Acls.ADMIN, call.ids());
              boolean all = Acls.allows(acl, Acls.ADMIN, call.ids());
              return Reply.of(
                  node.revision(), new GetACLResponse(all ? acl : Acls.masked(acl), node.stat()));
            });
  }

  /** How many nodes are below one, at any depth. */
  public CompletableFuture<Reply> countBelow(String path) {
    return call.nodes()
        .one(present(path), call.freshness())
        .thenCompose(
            node -> {
              if (!node.exists()) {
                return CompletableFuture.completedFuture(
                    Reply.error(Code.NO_NODE, node.revision()));
              }
              Acls.require(node.acl(), Acls.READ, call.ids());
              if (Special.is(path)) {
                return CompletableFuture.completedFuture(count(node.counts().children(), node));
              }
              ListRequest all = ListRequest.of(new Range.WithPrefix(Path.below(path)));
              return call.aside(
                  () -> call.store().list(all, call.freshness()),
                  listing -> count(below(path, listing), node));
            });
  }

  private static Reply count(long number, Node node) {
    return Reply.of(node.revision(), new GetAllChildrenNumberResponse((int) number));
  }

  private static long below(String path, Listing listing) {
    Descendants below = new Descendants(path);
    for (Entry entry : listing.entries()) {
      Path.of(entry.key()).ifPresent(below::add);
    }
    return below.count() + (path.equals(Path.ROOT) ? Special.COUNT : 0);
  }

  public CompletableFuture<Reply> getEphemerals(String prefix) {
    return call.aside(
        () -> call.store().sessions().keys(SessionIds.session(call.session()), call.freshness()),
        found -> {
          List<String> own =
              found.keys().stream()
                  .flatMap(key -> Path.of(key).stream())
                  .filter(path -> prefix == null || path.startsWith(prefix))
                  .toList();
          return Reply.of(found.revision(), new GetEphemeralsResponse(own));
        });
  }

  /** What the session sees from now on is at least as recent as all that anybody was told. */
  public CompletableFuture<Reply> sync(String path) {
    return call.nodes()
        .revision(Freshness.LINEARIZABLE)
        .thenApply(now -> Reply.of(now, new SyncResponse(path)));
  }
}
