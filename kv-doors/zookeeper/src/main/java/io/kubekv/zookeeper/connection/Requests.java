package io.kubekv.zookeeper.connection;

import io.kubekv.TransactionRequest;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.read.FormerWatches;
import io.kubekv.zookeeper.read.LastingWatches;
import io.kubekv.zookeeper.read.MultiRead;
import io.kubekv.zookeeper.read.Reads;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import io.kubekv.zookeeper.write.Step;
import io.kubekv.zookeeper.write.Writes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.jute.InputArchive;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SyncRequest;
import org.apache.zookeeper.proto.WhoAmIResponse;

/** Reads what a request asks for, and does it. */
final class Requests {
  private static final int CHILDREN = 1;
  private static final int DATA = 2;
  private static final int ANY = 3;

  private final Call call;
  private final Reads reads;
  private final Writes writes;

  Requests(Call call) {
    this.call = call;
    this.reads = new Reads(call);
    this.writes = new Writes(call);
  }

  /**
   * Begins a request.
   *
   * @param from what follows its header
   * @throws ZkException when it makes no sense
   */
  CompletableFuture<Reply> begin(Op op, InputArchive from) {
    return switch (op) {
      case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, SET_DATA, SET_ACL ->
          writes.one(Step.read(op, from));
      case EXISTS -> {
        ExistsRequest asked = Wire.read(from, new ExistsRequest());
        yield reads.exists(asked.getPath(), asked.getWatch());
      }
      case GET_DATA -> {
        GetDataRequest asked = Wire.read(from, new GetDataRequest());
        yield reads.getData(asked.getPath(), asked.getWatch());
      }
      case GET_CHILDREN -> {
        GetChildrenRequest asked = Wire.read(from, new GetChildrenRequest());
        yield reads.getChildren(asked.getPath(), asked.getWatch(), false);
      }
      case GET_CHILDREN2 -> {
        GetChildren2Request asked = Wire.read(from, new GetChildren2Request());
        yield reads.getChildren(asked.getPath(), asked.getWatch(), true);
      }
      case GET_ACL -> reads.getAcl(Wire.read(from, new GetACLRequest()).getPath());
      case GET_ALL_CHILDREN_NUMBER ->
          reads.countBelow(Wire.read(from, new GetAllChildrenNumberRequest()).getPath());
      case GET_EPHEMERALS ->
          reads.getEphemerals(Wire.read(from, new GetEphemeralsRequest()).getPrefixPath());
      case SYNC -> reads.sync(Wire.read(from, new SyncRequest()).getPath());
      case MULTI -> writes.together(steps(from));
      case MULTI_READ -> multiRead(from).read(call);
      case SET_WATCHES, SET_WATCHES2 -> FormerWatches.read(op, from).set(call);
      case ADD_WATCH -> addWatch(Wire.read(from, new AddWatchRequest()));
      case REMOVE_WATCHES -> removeWatches(Wire.read(from, new RemoveWatchesRequest()));
      case CHECK_WATCHES -> checkWatches(Wire.read(from, new CheckWatchesRequest()));
      case WHO_AM_I -> done(Reply.of(call.seen(), new WhoAmIResponse(whoAmI())));
      case PING -> done(Reply.of(call.seen(), null));
      case CHECK, RECONFIG, SASL, AUTH, CLOSE -> done(Reply.error(Code.UNIMPLEMENTED));
    };
  }

  private static CompletableFuture<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private List<ClientInfo> whoAmI() {
    return call.ids().stream().map(Requests::shown).toList();
  }

  private static ClientInfo shown(Id id) {
    boolean secret = id.getScheme().equals("digest");
    return new ClientInfo(id.getScheme(), secret ? id.getId().split(":", 2)[0] : id.getId());
  }

  private static Optional<Op> nextPart(InputArchive from) {
    MultiHeader header = Wire.read(from, new MultiHeader());
    if (header.getDone()) {
      return Optional.empty();
    }
    return Optional.of(
        Op.of(header.getType()).orElseThrow(() -> new ZkException(Code.MARSHALLING_ERROR)));
  }

  private static List<Step> steps(InputArchive from) {
    List<Step> steps = new ArrayList<>();
    for (Optional<Op> op = nextPart(from); op.isPresent(); op = nextPart(from)) {
      if (!Step.TOGETHER.contains(op.get())) {
        throw new ZkException(Code.MARSHALLING_ERROR);
      }
      if (steps.size() == TransactionRequest.MAX_OPERATIONS) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      Step step = Step.read(op.get(), from);
      if (step instanceof Step.Invalid) {
        throw new ZkException(Code.MARSHALLING_ERROR); // of all, since ZooKeeper reads no further
      }
      steps.add(step);
    }
    return steps;
  }

  private static MultiRead multiRead(InputArchive from) {
    List<MultiRead.Part> parts = new ArrayList<>();
    for (Optional<Op> op = nextPart(from); op.isPresent(); op = nextPart(from)) {
      if (parts.size() == MultiRead.MOST_PARTS) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
      String path =
          switch (op.get()) {
            case GET_DATA -> Wire.read(from, new GetDataRequest()).getPath();
            case GET_CHILDREN -> Wire.read(from, new GetChildrenRequest()).getPath();
            default -> throw new ZkException(Code.MARSHALLING_ERROR);
          };
      parts.add(new MultiRead.Part(op.get(), path == null ? "\0" : path));
    }
    return new MultiRead(parts);
  }

  private CompletableFuture<Reply> addWatch(AddWatchRequest asked) {
    if (asked.getMode() < 0 || asked.getMode() > 1) {
      throw new ZkException(Code.MARSHALLING_ERROR);
    }
    boolean recursive = asked.getMode() == 1;
    return LastingWatches.on(call, Reads.present(asked.getPath()), recursive)
        .thenApply(now -> Reply.of(now, new ErrorResponse(0)));
  }

  private static void requireKind(int type) {
    if (type < CHILDREN || type > ANY) {
      throw new ZkException(Code.MARSHALLING_ERROR);
    }
  }

  private CompletableFuture<Reply> removeWatches(RemoveWatchesRequest asked) {
    requireKind(asked.getType());
    boolean removed = false;
    if (asked.getType() == DATA || asked.getType() == ANY) {
      removed = call.watches().data().remove(asked.getPath(), call.watcher());
    }
    if (asked.getType() == CHILDREN || asked.getType() == ANY) {
      removed |= call.watches().children().remove(asked.getPath(), call.watcher());
    }
    return done(removed ? Reply.of(call.seen(), null) : Reply.error(Code.NO_WATCHER));
  }

  private CompletableFuture<Reply> checkWatches(CheckWatchesRequest asked) {
    requireKind(asked.getType());
    boolean there =
        switch (asked.getType()) {
          case DATA -> call.watches().data().has(asked.getPath(), call.watcher());
          case CHILDREN -> call.watches().children().has(asked.getPath(), call.watcher());
          default ->
              call.watches().data().has(asked.getPath(), call.watcher())
                  || call.watches().children().has(asked.getPath(), call.watcher());
        };
    return done(there ? Reply.of(call.seen(), null) : Reply.error(Code.NO_WATCHER));
  }

  /** The path that a request names first, for who follows requests; empty where there is none. */
  static String target(Op op, byte[] message, int start) {
    if (!op.namesAPath()) {
      return "";
    }
    try {
      var archive = Wire.reader(Arrays.copyOfRange(message, start, message.length));
      String path = archive.readString("path");
      return path == null ? "" : path;
    } catch (IOException | RuntimeException none) {
      return "";
    }
  }
}
