package io.kubekv.zookeeper.write;

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
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.NodeMeta;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.node.Special;
import io.kubekv.zookeeper.session.SessionIds;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** Makes one step after the other into operations of the store, as far as lists let it be. */
final class Planner {
  private static final long LONGEST_TTL = 0x00ffffffffffL;

  private final List<TransactionOperation> operations = new ArrayList<>();
  private final Nodes.Found guards;
  private final Call call;

  /** Of nodes that an earlier step makes whose names are known before it does. */
  private final Map<String, List<ACL>> made = new HashMap<>();

  Planner(Nodes.Found guards, Call call) {
    this.guards = guards;
    this.call = call;
    operations.add(
        new TransactionOperation.CheckSession(
            SessionIds.session(call.session()), Optional.of(call.taken())));
  }

  List<TransactionOperation> operations() {
    return operations;
  }

  int size() {
    return operations.size();
  }

  /** Takes back what begins there. */
  void cutTo(int start) {
    operations.subList(start, operations.size()).clear();
  }

  /** Adds two that never hold both. */
  void never(Key any) {
    operations.add(new TransactionOperation.Check(any, Precondition.ABSENT));
    operations.add(new TransactionOperation.Check(any, Precondition.PRESENT));
  }

  /**
   * Adds those of a step.
   *
   * @throws ZkException when it is refused whatever the state is; then some of it may be there
   */
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

  /** The parent is looked for before the rest of a path is looked at. */
  private boolean isThere(String parent) {
    return made.containsKey(parent) || guards.of(parent).exists();
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
    if (!Path.isValid(step.sequential() ? path + "0" : path)) {
      throw new ZkException(isThere(parent) ? Code.BAD_ARGUMENTS : Code.NO_NODE);
    }
    boolean root = path.equals(Path.ROOT) && !step.sequential(); // else it is one below the root
    if (root || Special.is(path)) {
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
    String parent = step.guardedBy();
    if (!Path.isValid(parent) || Special.is(path)) {
      throw new ZkException(Code.NO_NODE);
    }
    require(parent, Acls.DELETE);
    if (!Path.isValid(path)) {
      throw new ZkException(Code.NO_NODE);
    }
    made.remove(path);
    operations.add(
        new TransactionOperation.Delete(
            new DeleteRequest(
                Path.key(path),
                Conditions.version(path, step.version(), guards),
                Layout.NODES,
                false)));
  }

  private void set(Step.SetData step) {
    String path = Path.required(step.path());
    require(path, Acls.WRITE);
    Precondition version = Conditions.version(path, step.version(), guards);
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
    boolean bare = path.equals(Path.ROOT) && node.entry().isEmpty();
    NodeMeta meta = node.meta().withAcl(acl);
    Bytes list = (bare ? meta.listed() : meta).encoded();
    int version = step.version() == Plan.ANY ? Plan.aclVersion(node) : step.version();
    operations.add(
        new TransactionOperation.Check(
            key, Conditions.present(path, node), Conditions.layout(path, node)));
    if (node.entry().isPresent()) {
      Entry entry = node.entry().get();
      operations.add(
          new TransactionOperation.Check(key, new Precondition.RevisionIs(entry.modifyRevision())));
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

  private void check(Step.Check step) {
    String path = Path.required(step.path());
    require(path, Acls.READ);
    boolean root = path.equals(Path.ROOT);
    operations.add(
        new TransactionOperation.Check(
            Path.key(path),
            Conditions.version(path, step.version(), guards),
            root ? Layout.FLAT : Layout.NODES));
  }
}
