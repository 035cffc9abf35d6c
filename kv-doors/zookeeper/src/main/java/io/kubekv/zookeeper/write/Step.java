package io.kubekv.zookeeper.write;

import io.kubekv.zookeeper.node.NodeMeta;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.List;
import java.util.Set;
import org.apache.jute.InputArchive;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.jspecify.annotations.Nullable;

/** One change that is asked for, alone or with others. */
public sealed interface Step {
  String path();

  /** The path of the node whose list says whether it may be. */
  String guardedBy();

  /** As of the request, and of its answer. */
  Op op();

  /** Makes a node. */
  record Create(
      Op op,
      String path,
      byte @Nullable [] data,
      @Nullable List<ACL> acl,
      boolean ephemeral,
      boolean sequential,
      NodeMeta.Kind kind,
      long timeToLive)
      implements Step {
    @Override
    public String guardedBy() {
      return Path.parent(path);
    }

    /** The same, answered as another request. */
    Create as(Op other) {
      return new Create(other, path, data, acl, ephemeral, sequential, kind, timeToLive);
    }
  }

  record Delete(String path, int version) implements Step {
    @Override
    public Op op() {
      return Op.DELETE;
    }

    @Override
    public String guardedBy() {
      return Path.parent(path);
    }
  }

  record SetData(String path, byte @Nullable [] data, int version) implements Step {
    @Override
    public Op op() {
      return Op.SET_DATA;
    }

    @Override
    public String guardedBy() {
      return path;
    }
  }

  record SetAcl(String path, @Nullable List<ACL> acl, int version) implements Step {
    @Override
    public Op op() {
      return Op.SET_ACL;
    }

    @Override
    public String guardedBy() {
      return path;
    }
  }

  record Check(String path, int version) implements Step {
    @Override
    public Op op() {
      return Op.CHECK;
    }

    @Override
    public String guardedBy() {
      return path;
    }
  }

  /** Makes a node of a kind that there is not. */
  record Invalid(Op op, String path) implements Step {
    @Override
    public String guardedBy() {
      return path;
    }
  }

  /** The highest number that stands for a kind of node. */
  int MOST_FLAGS = 6;

  /** What may be a part of a request for several. */
  Set<Op> TOGETHER =
      Set.of(
          Op.CREATE,
          Op.CREATE2,
          Op.CREATE_CONTAINER,
          Op.CREATE_TTL,
          Op.DELETE,
          Op.SET_DATA,
          Op.CHECK);

  /**
   * Reads one.
   *
   * @throws ZkException when it is none
   */
  static Step read(Op op, InputArchive from) {
    return switch (op) {
      case CREATE, CREATE2, CREATE_CONTAINER -> {
        CreateRequest asked = Wire.read(from, new CreateRequest());
        yield create(op, asked.getPath(), asked.getData(), asked.getAcl(), asked.getFlags(), 0);
      }
      case CREATE_TTL -> {
        CreateTTLRequest asked = Wire.read(from, new CreateTTLRequest());
        yield create(
            op, asked.getPath(), asked.getData(), asked.getAcl(), asked.getFlags(), asked.getTtl());
      }
      case DELETE -> {
        DeleteRequest asked = Wire.read(from, new DeleteRequest());
        yield new Delete(present(asked.getPath()), asked.getVersion());
      }
      case SET_DATA -> {
        SetDataRequest asked = Wire.read(from, new SetDataRequest());
        yield new SetData(present(asked.getPath()), asked.getData(), asked.getVersion());
      }
      case SET_ACL -> {
        SetACLRequest asked = Wire.read(from, new SetACLRequest());
        yield new SetAcl(present(asked.getPath()), asked.getAcl(), asked.getVersion());
      }
      case CHECK -> {
        CheckVersionRequest asked = Wire.read(from, new CheckVersionRequest());
        yield new Check(present(asked.getPath()), asked.getVersion());
      }
      default -> throw new ZkException(Code.MARSHALLING_ERROR);
    };
  }

  private static String present(@Nullable String path) {
    return path == null ? "" : path;
  }

  private static Step create(
      Op op,
      @Nullable String path,
      byte @Nullable [] data,
      @Nullable List<ACL> acl,
      int flags,
      long timeToLive) {
    if (flags < 0 || flags > MOST_FLAGS) {
      return new Invalid(op, present(path));
    }
    NodeMeta.Kind kind =
        switch (flags) {
          case 4 -> NodeMeta.Kind.CONTAINER;
          case 5, 6 -> NodeMeta.Kind.TTL;
          default -> NodeMeta.Kind.PLAIN;
        };
    return new Create(
        op,
        present(path),
        data,
        acl,
        flags == 1 || flags == 3,
        flags == 2 || flags == 3 || flags == 6,
        kind,
        timeToLive);
  }
}
