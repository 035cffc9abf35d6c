package io.kubekv.zookeeper.read;

import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.MultiResult;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;

/**
 * Several reads at one revision. One that fails, fails alone.
 *
 * @param parts at most {@link #MOST_PARTS}; immutable
 */
public record MultiRead(List<Part> parts) {
  /** Three operations each, of what a transaction may have. */
  public static final int MOST_PARTS = 128;

  /** Of data and names in the answer: four messages of the longest that clients take by default. */
  public static final long MOST_BYTES = 4L << 20;

  /** What is read of a node: its data, or the names of its children. */
  public record Part(Op op, String path) {}

  public MultiRead {
    parts = List.copyOf(parts);
    if (parts.size() > MOST_PARTS) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
  }

  /**
   * Reads it.
   *
   * @return fails with {@link Code#BAD_ARGUMENTS} where the answer would be too long
   */
  public CompletableFuture<Reply> read(Call call) {
    List<TransactionOperation> reads = new ArrayList<>();
    Map<Part, Integer> starts = new LinkedHashMap<>();
    for (Part part : parts) {
      if (isReal(part.path()) && !starts.containsKey(part)) {
        starts.put(part, reads.size());
        reads.add(new TransactionOperation.Get(Path.key(part.path())));
        reads.add(new TransactionOperation.Directory(Path.below(part.path())));
        if (part.op() == Op.GET_CHILDREN) {
          Range below = new Range.WithPrefix(Path.below(part.path()));
          reads.add(new TransactionOperation.ListRange(ListRequest.oneLevel(below)));
        }
      }
    }
    return reads.isEmpty()
        ? call.nodes()
            .revision(call.freshness())
            .thenApply(at -> reply(call, at, Optional.empty(), starts))
        : call.nodes()
            .committed(reads, call.freshness())
            .thenApply(done -> reply(call, done.revision(), Optional.of(done), starts));
  }

  private static boolean isReal(String path) {
    return Path.isValid(path) && !Special.is(path);
  }

  private Reply reply(
      Call call,
      Revision at,
      Optional<TransactionOutcome.Committed> done,
      Map<Part, Integer> starts) {
    List<MultiResult.Part> answers = new ArrayList<>();
    long bytes = 0;
    for (Part part : parts) {
      Integer start = starts.get(part);
      Nodes.WithChildren found =
          start == null || done.isEmpty()
              ? unreal(part.path(), at)
              : found(part, done.get(), start);
      Optional<Code> refused = refused(part, found.node(), call);
      bytes += refused.isPresent() ? 0 : bytes(part, found);
      if (bytes > MOST_BYTES) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      answers.add(
          refused
              .map(MultiResult.Part::failed)
              .orElseGet(() -> MultiResult.Part.done(part.op().number(), body(part, found))));
    }
    return Reply.of(at, new MultiResult(answers));
  }

  private static Nodes.WithChildren unreal(String path, Revision at) {
    Node node = Special.is(path) ? Special.node(path, at) : Nodes.absent(path, at);
    return new Nodes.WithChildren(node, Special.children(path).orElse(List.of()));
  }

  private static Nodes.WithChildren found(Part part, TransactionOutcome.Committed done, int start) {
    Node node =
        Nodes.of(
            part.path(), done.results().get(start), done.results().get(start + 1), done.revision());
    return new Nodes.WithChildren(
        node,
        part.op() == Op.GET_CHILDREN
            ? Nodes.names(part.path(), (Listing) done.results().get(start + 2))
            : List.of());
  }

  private static Optional<Code> refused(Part part, Node node, Call call) {
    if (part.path().indexOf('\0') >= 0) {
      return Optional.of(Code.BAD_ARGUMENTS);
    }
    if (!node.exists()) {
      return Optional.of(Code.NO_NODE);
    }
    return Acls.allows(node.acl(), Acls.READ, call.ids())
        ? Optional.empty()
        : Optional.of(Code.NO_AUTH);
  }

  private static long bytes(Part part, Nodes.WithChildren found) {
    return part.op() == Op.GET_CHILDREN
        ? found.names().stream().mapToLong(name -> Integer.BYTES + name.length()).sum()
        : found.node().entry().map(entry -> (long) entry.value().size()).orElse(0L);
  }

  private static Record body(Part part, Nodes.WithChildren found) {
    return part.op() == Op.GET_CHILDREN
        ? new GetChildrenResponse(found.names())
        : new GetDataResponse(found.node().data(), found.node().stat());
  }
}
