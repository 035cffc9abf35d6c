package io.kubekv.zookeeper.write;

import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.NodeMeta;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.MultiResult;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.jute.Record;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.SetACLResponse;
import org.apache.zookeeper.proto.SetDataResponse;
import org.jspecify.annotations.Nullable;

/**
 * Requests that change something: first the lists that say who may are read, then all of it is one
 * transaction.
 */
public final class Writes {
  private static final int TRIES = 8;

  private final Call call;

  public Writes(Call call) {
    this.call = call;
  }

  /** Does one alone. */
  public CompletableFuture<Reply> one(Step step) {
    return all(List.of(step))
        .thenApply(
            done -> {
              MultiResult.Part part = done.parts().get(0);
              return done.failed() == null
                  ? Reply.of(done.revision(), part.body())
                  : Reply.error(done.failed(), done.revision());
            });
  }

  /** Does all or none. */
  public CompletableFuture<Reply> together(List<Step> steps) {
    return all(steps.stream().map(Writes::amongSeveral).toList())
        .thenApply(done -> Reply.of(done.revision(), new MultiResult(done.parts())));
  }

  /** A container is answered with its stat there, however it was asked for (3.8.4, Op.Create). */
  private static Step amongSeveral(Step step) {
    return step instanceof Step.Create create && create.kind() == NodeMeta.Kind.CONTAINER
        ? create.as(Op.CREATE2)
        : step;
  }

  /** What became of all; where one failed, why. */
  private record Done(Revision revision, @Nullable Code failed, List<MultiResult.Part> parts) {}

  private CompletableFuture<Done> all(List<Step> steps) {
    List<String> guards = steps.stream().map(Step::guardedBy).distinct().toList();
    if (guards.size() > Nodes.MOST_AT_ONCE) {
      return CompletableFuture.failedFuture(new ZkException(Code.BAD_ARGUMENTS));
    }
    return tried(steps, guards, TRIES);
  }

  /** The guards are the door's to read: what the client may is asked of its own change. */
  private CompletableFuture<Done> tried(List<Step> steps, List<String> guards, int tries) {
    return call.whole()
        .some(guards, Freshness.LINEARIZABLE)
        .thenCompose(
            found -> {
              Plan plan = Plan.of(steps, found, call);
              if (plan.operations().isEmpty()) {
                return CompletableFuture.completedFuture(nothing(found.revision(), steps, plan));
              }
              if (call.watcher().isOver()) {
                throw new IllegalStateException("its session may be on another connection");
              }
              return call.here(call.store().transact(TransactionRequest.of(plan.operations())))
                  .thenCompose(
                      outcome ->
                          tries > 0 && isStale(outcome, steps, plan, found)
                              ? tried(steps, guards, tries - 1)
                              : CompletableFuture.completedFuture(done(outcome, steps, plan)));
            });
  }

  /**
   * Whether it was refused since what was read is not so any more, though what was asked for may
   * be: of the node whose list is to be set, and of the root, which may have got an entry.
   */
  private static boolean isStale(
      TransactionOutcome outcome, List<Step> steps, Plan plan, Nodes.Found found) {
    if (!(outcome instanceof TransactionOutcome.RolledBack back)) {
      return false;
    }
    TransactionOutcome.Failure first = back.failures().get(0);
    int which = plan.step(first.operation());
    if (Plan.isOfSession(first.operation()) || which >= steps.size()) {
      return false;
    }
    Refused.Reason reason = first.refused().reason();
    boolean changed =
        reason == Refused.Reason.CHANGED
            || reason == Refused.Reason.EXISTS
            || reason == Refused.Reason.MISSING;
    return changed
        && switch (steps.get(which)) {
          case Step.SetAcl set ->
              found.of(set.path()).exists() && Plan.isOfVersion(set, found.of(set.path()));
          case Step.SetData set -> isBareRoot(set.path(), found) && set.version() == 0;
          case Step.Check check -> isBareRoot(check.path(), found) && check.version() == 0;
          case Step.Create create -> false;
          case Step.Delete delete -> false;
          case Step.Invalid invalid -> false;
        };
  }

  private static boolean isBareRoot(String path, Nodes.Found found) {
    return path.equals(Path.ROOT) && found.of(path).entry().isEmpty();
  }

  private static Done nothing(Revision revision, List<Step> steps, Plan plan) {
    return plan.refused() == null
        ? new Done(revision, null, List.of())
        : failed(revision, steps, plan.starts().size(), plan.refused());
  }

  private Done done(TransactionOutcome outcome, List<Step> steps, Plan plan) {
    return switch (outcome) {
      case TransactionOutcome.Committed committed -> {
        List<MultiResult.Part> parts = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
          parts.add(part(steps.get(i), committed, plan.starts().get(i)));
        }
        yield new Done(committed.revision(), null, parts);
      }
      case TransactionOutcome.RolledBack back -> refused(back, steps, plan);
    };
  }

  private static Done refused(TransactionOutcome.RolledBack back, List<Step> steps, Plan plan) {
    TransactionOutcome.Failure first = back.failures().get(0);
    Refused.Reason reason = first.refused().reason();
    if (Plan.isOfSession(first.operation())) {
      if (reason != Refused.Reason.NO_SESSION) {
        throw new ZkException(Code.SESSION_MOVED);
      }
      return failed(back.revision(), steps, 0, Code.SESSION_EXPIRED);
    }
    int step = plan.step(first.operation());
    boolean own = step >= plan.starts().size();
    Code code = own && plan.refused() != null ? plan.refused() : code(steps.get(step), reason);
    return failed(back.revision(), steps, step, code);
  }

  /** What came before the one that failed would have been done, what comes after is not tried. */
  private static Done failed(Revision revision, List<Step> steps, int which, Code code) {
    List<MultiResult.Part> parts = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      parts.add(
          MultiResult.Part.failed(
              i < which ? Code.OK : i == which ? code : Code.RUNTIME_INCONSISTENCY));
    }
    return new Done(revision, code, parts);
  }

  /** The root has a version before it has an entry, so that one there is a later version. */
  private static Code code(Step step, Refused.Reason reason) {
    return switch (reason) {
      case EXISTS -> step instanceof Step.Create ? Code.NODE_EXISTS : Code.BAD_VERSION;
      case MISSING -> step.path().equals(Path.ROOT) ? Code.BAD_VERSION : Code.NO_NODE;
      case NO_PARENT, NOT_A_DIRECTORY -> Code.NO_NODE;
      case EPHEMERAL_PARENT -> Code.NO_CHILDREN_FOR_EPHEMERALS;
      case CHANGED -> Code.BAD_VERSION;
      case NOT_EMPTY -> Code.NOT_EMPTY;
      case NO_SESSION -> Code.SESSION_EXPIRED;
      case HELD, LOCK_DELAYED, NOT_HELD, FENCED, IS_DIRECTORY -> Code.BAD_ARGUMENTS;
    };
  }

  private static MultiResult.Part part(Step step, TransactionOutcome.Committed done, int first) {
    List<TransactionResult> results = done.results();
    return switch (step) {
      case Step.Create create -> created(create, (PutOutcome.Stored) results.get(first));
      case Step.Delete delete -> MultiResult.Part.done(Op.DELETE.number(), null);
      case Step.Check check -> MultiResult.Part.done(Op.CHECK.number(), null);
      case Step.SetData set ->
          MultiResult.Part.done(
              Op.SET_DATA.number(),
              new SetDataResponse(stat(set.path(), results, first, done.revision())));
      case Step.SetAcl set ->
          MultiResult.Part.done(
              Op.SET_ACL.number(),
              new SetACLResponse(stat(set.path(), results, results.size() - 2, done.revision())));
      case Step.Invalid invalid -> throw new IllegalStateException("it was not done");
    };
  }

  private static Stat stat(
      String path, List<TransactionResult> results, int first, Revision revision) {
    return Nodes.of(path, results.get(first), results.get(first + 1), revision).stat();
  }

  private static MultiResult.Part created(Step.Create step, PutOutcome.Stored stored) {
    String path = Path.of(stored.entry().key()).orElseThrow();
    if (step.op() == Op.CREATE) {
      return MultiResult.Part.done(Op.CREATE.number(), new CreateResponse(path));
    }
    Revision at = stored.revision();
    DirectoryLookup none = new DirectoryLookup(0, 0, Revision.ZERO, at);
    Record body =
        new Create2Response(path, new Node(path, Optional.of(stored.entry()), none, at).stat());
    return MultiResult.Part.done(Op.CREATE2.number(), body);
  }
}
