package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.SetACLResponse;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.jspecify.annotations.Nullable;

/** What stands in answers, as text, without what rightly differs from server to server. */
final class Answers {
  private static final int ERROR = -1;

  private final Zxids zxids;
  private final String root;
  private final Map<Long, String> sessions;

  /**
   * @param root where the program is run
   * @param sessions how they are called
   */
  Answers(Zxids zxids, String root, Map<Long, String> sessions) {
    this.zxids = zxids;
    this.root = root;
    this.sessions = sessions;
  }

  /** A path as programs have it. */
  String shown(@Nullable String path) {
    return path == null ? "null" : path.replace(root, Programs.ROOT);
  }

  /** What follows the header of an answer that refuses nothing. */
  String body(int number, Wired.Message from) throws IOException {
    Optional<Op> op = Op.of(number);
    String text = op.isPresent() ? body(op.get(), from) : "";
    return from.left() == 0 ? text : text + " and " + from.left() + " bytes";
  }

  private String body(Op op, Wired.Message from) throws IOException {
    return switch (op) {
      case CREATE -> shown(from.read(new CreateResponse()).getPath());
      case CREATE2, CREATE_CONTAINER, CREATE_TTL -> {
        Create2Response made = from.read(new Create2Response());
        yield shown(made.getPath()) + stat(made.getStat());
      }
      case EXISTS -> stat(from.read(new ExistsResponse()).getStat());
      case SET_DATA, CHECK -> stat(from.read(new SetDataResponse()).getStat());
      case SET_ACL -> stat(from.read(new SetACLResponse()).getStat());
      case GET_DATA -> {
        GetDataResponse got = from.read(new GetDataResponse());
        yield data(got.getData()) + stat(got.getStat());
      }
      case GET_ACL -> {
        GetACLResponse got = from.read(new GetACLResponse());
        yield acl(got.getAcl()) + stat(got.getStat());
      }
      case GET_CHILDREN -> sorted(from.read(new GetChildrenResponse()).getChildren());
      case GET_CHILDREN2 -> {
        GetChildren2Response got = from.read(new GetChildren2Response());
        yield sorted(got.getChildren()) + stat(got.getStat());
      }
      case GET_EPHEMERALS -> sorted(from.read(new GetEphemeralsResponse()).getEphemerals());
      case GET_ALL_CHILDREN_NUMBER ->
          "" + from.read(new GetAllChildrenNumberResponse()).getTotalNumber();
      case WHO_AM_I -> told(from.read(new WhoAmIResponse()));
      case SYNC -> shown(from.read(new SyncResponse()).getPath());
      case MULTI, MULTI_READ -> several(from);
      case ADD_WATCH -> "err " + from.read(new ErrorResponse()).getErr();
      default -> "";
    };
  }

  /** The results of several that went together, or of none of them. */
  String several(Wired.Message from) throws IOException {
    List<String> results = new ArrayList<>();
    MultiHeader header = from.read(new MultiHeader());
    while (!header.getDone()) {
      results.add("\n  " + result(header, from));
      header = from.read(new MultiHeader());
    }
    return String.join("", results);
  }

  private String result(MultiHeader header, Wired.Message from) throws IOException {
    if (header.getType() == ERROR) {
      return "error %d of %d".formatted(header.getErr(), from.read(new ErrorResponse()).getErr());
    }
    Op op = Op.of(header.getType()).orElseThrow();
    String text =
        switch (op) {
          case DELETE, CHECK -> "";
          default -> body(op, from);
        };
    return "%s err %d %s".formatted(op.verb(), header.getErr(), text);
  }

  private static String told(WhoAmIResponse who) {
    return who.getClientInfo().stream()
        .map(each -> each.getAuthScheme() + ":" + each.getUser())
        .sorted()
        .toList()
        .toString();
  }

  private String sorted(@Nullable List<String> names) {
    return names == null ? "null" : names.stream().map(this::shown).sorted().toList().toString();
  }

  private static String data(byte @Nullable [] bytes) {
    return bytes == null ? "null" : "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'";
  }

  private static String acl(@Nullable List<ACL> list) {
    return list == null
        ? "null"
        : list.stream()
            .map(
                each ->
                    each.getPerms() + " " + each.getId().getScheme() + ":" + each.getId().getId())
            .toList()
            .toString();
  }

  private String stat(Stat stat) {
    long owner = stat.getEphemeralOwner();
    boolean unchanged = stat.getCzxid() == stat.getMzxid();
    return " {made %s changed %s below %s version %d cversion %d aversion %d length %d children %d"
            .formatted(
                zxids.of(stat.getCzxid()),
                zxids.of(stat.getMzxid()),
                zxids.of(stat.getPzxid()),
                stat.getVersion(),
                stat.getCversion(),
                stat.getAversion(),
                stat.getDataLength(),
                stat.getNumChildren())
        + (owner == 0 ? "" : " owner " + sessions.getOrDefault(owner, "unknown"))
        + (stat.getMtime() < stat.getCtime() ? " changed before it was made" : "")
        + (unchanged && stat.getMtime() != stat.getCtime() ? " times differ" : "")
        + "}";
  }
}
