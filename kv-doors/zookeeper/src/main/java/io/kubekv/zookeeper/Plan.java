package io.kubekv.zookeeper;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * What the store is to do for some steps. A step that is refused whatever the state is ends it:
 * then of the last two operations one never holds, since an earlier one may be refused before it.
 *
 * @param operations in order; immutable
 * @param starts where those of each step begin; immutable
 * @param refused why the step after these is refused; absent when none is
 */
record Plan(List<TransactionOperation> operations, List<Integer> starts, @Nullable Code refused) {
  private static final int ANY = -1;
  private static final long LONGEST_TTL = 0x00ffffffffffL;

  /** How many operations there are at the end of which one never holds. */
  private static final int NEVER = 2;

  Plan {
    operations = List.copyOf(operations);
    starts = List.copyOf(starts);
  }

  static Plan of(List<Step> steps, Nodes.Found guards, Call call) {
    Planner planner = new Planner(guards, call);
    List<Integer> starts = new ArrayList<>();
    for (Step step : steps) {
      int start = planner.operations.size();
      try {
        planner.add(step);
        starts.add(start);
      } catch (ZkException refused) {
        planner.operations.subList(start, planner.operations.size()).clear();
        if (start > 0) {
          Key any = Path.key(steps.get(0).path());
          planner.operations.add(new TransactionOperation.Check(any, Precondition.ABSENT));
          planner.operations.add(new TransactionOperation.Check(any, Precondition.PRESENT));
        }
        return new Plan(planner.operations, starts, refused.code());
      }
    }
    return new Plan(planner.operations, starts, null);
  }

  private static int aclVersion(Node node) {
    return node.entry().map(entry -> entry.metadata().version()).orElse(0);
  }

  /** Whether a list may be set on what was read, so that a refusal means that it has changed. */
  static boolean isOfVersion(Step.SetAcl step, Node node) {
    return step.version() == ANY || step.version() == aclVersion(node);
  }

  /** Which step an operation belongs to. */
  int step(int operation) {
    int step = 0;
    while (step < starts.size()
        && operation >= (step + 1 < starts.size() ? starts.get(step + 1) : end())) {
      step++;
    }
    return step;
  }

  /** Behind the last operation of a step. */
  private int end() {
    return refused == null ? operations.size() : operations.size() - NEVER;
  }

  private static final class Planner {
    private final List<TransactionOperation> operations = new ArrayList<>();
    private final Nodes.Found guards;
    private final Call call;

    /** Of nodes that an earlier step makes whose names are known before it does. */
    private final Map<String, List<ACL>> made = new HashMap<>();

    Planner(Nodes.Found guards, Call call) {
      this.guards = guards;
      this.call = call;
    }

    void add(Step step) {
      switch (step) {
        case Step.Create create -> create(create);
        case Step.Delete delete -> delete(delete);
        case Step.SetData set -> set(set);
        case Step.SetAcl set -> setAcl(set);
        case Step.Check check -> check(check);
        case Step.Invalid invalid -> throw new ZkException(Code.BAD_ARGUMENTS);
      }
    }

    /** Whether the node that guards a step lets it be, if there is one. */
    private void require(String path, int permission) {
      if (Special.is(path)) {
        if (!guards.of(path).exists()) {
          throw new ZkException(Code.NO_NODE);
        }
        Acls.require(Special.META.acl(), permission, call.ids());
        return;
      }
      List<ACL> earlier = made.get(path);
      Acls.require(earlier != null ? earlier : guards.of(path).acl(), permission, call.ids());
    }

    private void create(Step.Create step) {
      String path = step.path();
      if (path.indexOf('/') < 0 || path.indexOf('\0') >= 0) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      boolean lasting = step.kind() == NodeMeta.Kind.TTL;
      if (lasting && (step.timeToLive() <= 0 || step.timeToLive() > LONGEST_TTL)) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      List<ACL> acl = Acls.fixed(step.acl(), call.ids());
      String parent = step.guardedBy();
      if (!Path.isValid(parent)) {
        throw new ZkException(Code.NO_NODE);
      }
      require(parent, Acls.CREATE);
      Path.required(step.sequential() ? path + "0" : path);
      if (path.equals(Path.ROOT) || Special.is(path)) {
        throw new ZkException(step.sequential() ? Code.BAD_ARGUMENTS : Code.NODE_EXISTS);
      }
      if (!step.sequential()) {
        made.put(path, acl);
      }
      operations.add(new TransactionOperation.Put(put(step, acl)));
    }

    private PutRequest put(Step.Create step, List<ACL> acl) {
      NodeMeta meta = new NodeMeta(step.kind(), step.timeToLive(), acl);
      String name = step.path().substring(1);
      PutRequest put =
          PutRequest.of(step.sequential() ? Key.of("0") : Key.of(name), bytes(step.data()))
              .withFlags(step.data() == null ? Node.NO_DATA : 0)
              .withMode(PutMode.REPLACE)
              .withPrecondition(Precondition.ABSENT)
              .withLayout(Layout.NODES)
              .withMetadata(meta.encoded())
              .withAttachment(
                  step.ephemeral()
                      ? new Attachment.To(SessionIds.session(call.session()))
                      : Attachment.DETACH);
      return step.sequential() ? put.withNaming(new Prefix(name), Naming.SEQUENCE) : put;
    }

    private static Bytes bytes(byte @Nullable [] data) {
      return data == null ? Bytes.EMPTY : Bytes.copyOf(data);
    }

    private void delete(Step.Delete step) {
      String path = step.path();
      if (path.indexOf('/') < 0
          || path.indexOf('\0') >= 0
          || path.equals(Path.ROOT)
          || Special.is(path) && Special.children(path).isPresent()) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      if (!Path.isValid(path) || Special.is(path)) {
        throw new ZkException(Code.NO_NODE);
      }
      require(step.guardedBy(), Acls.DELETE);
      made.remove(path);
      operations.add(
          new TransactionOperation.Delete(
              new DeleteRequest(Path.key(path), version(step.version()), Layout.NODES, false)));
    }

    private void set(Step.SetData step) {
      String path = Path.required(step.path());
      require(path, Acls.WRITE);
      Precondition version =
          path.equals(Path.ROOT) ? rootVersion(step.version()) : version(step.version());
      operations.add(
          new TransactionOperation.Put(
              PutRequest.of(Path.key(path), bytes(step.data()))
                  .withFlags(step.data() == null ? Node.NO_DATA : 0)
                  .withMode(PutMode.UPDATE)
                  .withPrecondition(version)
                  .withLayout(path.equals(Path.ROOT) ? Layout.FLAT : Layout.NODES)
                  .withAttachment(Attachment.KEEP)));
      operations.add(new TransactionOperation.Directory(Path.below(path)));
    }

    /**
     * The list replaces that which was read, of the entry that was read. A node that is implied
     * becomes real, with nothing in it and as if never set.
     */
    private void setAcl(Step.SetAcl step) {
      String path = Path.required(step.path());
      List<ACL> acl = Acls.fixed(step.acl(), call.ids());
      Node node = guards.of(path);
      require(path, Acls.ADMIN);
      Key key = Path.key(path);
      Bytes list = node.meta().withAcl(acl).encoded();
      int version = step.version() == ANY ? aclVersion(node) : step.version();
      operations.add(new TransactionOperation.Check(key, present(path, node), layout(path, node)));
      if (node.entry().isPresent()) {
        Entry entry = node.entry().get();
        operations.add(
            new TransactionOperation.Check(
                key, new Precondition.RevisionIs(entry.modifyRevision())));
      } else if (node.exists()) {
        operations.add(
            new TransactionOperation.Put(
                PutRequest.of(key, Bytes.EMPTY)
                    .withPrecondition(Precondition.ABSENT)
                    .withMetadata(list)
                    .withAttachment(Attachment.KEEP)));
      }
      operations.add(new TransactionOperation.SetMetadata(key, OptionalInt.of(version), list));
      operations.add(new TransactionOperation.Directory(Path.below(path)));
    }

    private static Precondition present(String path, Node node) {
      return path.equals(Path.ROOT) && node.entry().isEmpty()
          ? Precondition.ABSENT
          : Precondition.PRESENT;
    }

    /** The root is there without an entry, and without anything below it. */
    private static Layout layout(String path, Node node) {
      return path.equals(Path.ROOT) || node.entry().isPresent() ? Layout.FLAT : Layout.NODES;
    }

    private void check(Step.Check step) {
      String path = Path.required(step.path());
      require(path, Acls.READ);
      boolean root = path.equals(Path.ROOT);
      operations.add(
          new TransactionOperation.Check(
              Path.key(path),
              root ? rootVersion(step.version()) : version(step.version()),
              root ? Layout.FLAT : Layout.NODES));
    }

    private static Precondition version(int version) {
      return version == ANY ? Precondition.PRESENT : new Precondition.VersionIs(version + 1L);
    }

    /** The root has a version before anybody has set its data. */
    private static Precondition rootVersion(int version) {
      return switch (version) {
        case ANY -> Precondition.NONE;
        case 0 -> Precondition.ABSENT;
        default -> new Precondition.VersionIs(version);
      };
    }
  }
}
