package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Op;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SyncRequest;
import org.jspecify.annotations.Nullable;

/** Random requests. */
final class Requests {
  private static final int HOUR = 3_600_000;

  private final RandomGenerator random;
  private final Names names;
  private final Identities identities;
  private final WatchRequests watches;

  Requests(RandomGenerator random) {
    this.random = random;
    this.names = new Names(random);
    this.identities = new Identities(random);
    this.watches = new WatchRequests(random, names);
  }

  Step.Part any() {
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4 -> create(random.nextBoolean() ? Op.CREATE : Op.CREATE2);
      case 5, 6 -> delete();
      case 7, 8, 9 -> setData();
      case 10, 11, 12, 13, 14 -> read();
      case 15, 16, 17 -> watches.any();
      case 18 -> setAcl();
      case 19 -> getAcl();
      case 20 -> identities.any();
      case 21, 22 -> other();
      default -> random.nextInt(8) == 0 ? createNothing() : read();
    };
  }

  Step.Part inMulti() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> create(Op.CREATE);
      case 3 -> delete();
      case 4, 5 -> setData();
      default -> check();
    };
  }

  Step.Part inMultiRead() {
    String path = names.any();
    return random.nextBoolean()
        ? Step.Part.of(Op.GET_DATA, at -> new GetDataRequest(at.path(path), false))
        : Step.Part.of(Op.GET_CHILDREN, at -> new GetChildrenRequest(at.path(path), false));
  }

  private int version() {
    int[] some = {-1, -1, -1, 0, 0, 1, 2, 5, -2};
    return some[random.nextInt(some.length)];
  }

  private byte @Nullable [] data() {
    int length = random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(4);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(26));
    }
    return random.nextInt(10) == 0 ? null : bytes;
  }

  /**
   * @param usual how a node is made that is neither a container nor has an end
   */
  private Step.Part create(Op usual) {
    boolean counted = random.nextInt(4) == 0;
    String path = counted ? names.counted() : names.made();
    byte[] data = data();
    List<ACL> acl = identities.acl();
    if (!counted && Names.isContainer(path)) {
      return Step.Part.of(
          Op.CREATE_CONTAINER, at -> new CreateRequest(at.path(path), data, acl, 4));
    }
    if (random.nextInt(10) == 0) {
      return createTtl(path, data, acl, counted);
    }
    boolean mortal = random.nextInt(4) == 0 && !Names.stays(path);
    int flags = (counted ? 2 : 0) + (mortal ? 1 : 0);
    return Step.Part.of(usual, at -> new CreateRequest(at.path(path), data, acl, flags));
  }

  /**
   * A kind of node that there is not. Alone: among several ZooKeeper does not read what follows.
   */
  private Step.Part createNothing() {
    String path = names.made();
    int flags = 7 + random.nextInt(3);
    return Step.Part.of(
        Op.CREATE, at -> new CreateRequest(at.path(path), new byte[0], Probed.OPEN, flags));
  }

  private Step.Part createTtl(String path, byte @Nullable [] data, List<ACL> acl, boolean counted) {
    long[] some = {HOUR, HOUR, HOUR, 0, -1, 0xffffffffffL};
    long ttl = some[random.nextInt(some.length)];
    int flags = counted ? 6 : 5;
    return Step.Part.of(
        Op.CREATE_TTL, at -> new CreateTTLRequest(at.path(path), data, acl, flags, ttl));
  }

  private Step.Part delete() {
    String path = names.any();
    if (Names.stays(path)) {
      return setData();
    }
    int version = version();
    return Step.Part.of(Op.DELETE, at -> new DeleteRequest(at.path(path), version));
  }

  private Step.Part setData() {
    String path = names.any();
    byte[] data = data();
    int version = version();
    return Step.Part.of(Op.SET_DATA, at -> new SetDataRequest(at.path(path), data, version));
  }

  /** Only among several: alone, and where it holds, ZooKeeper never answers it. */
  private Step.Part check() {
    String path = names.any();
    int version = version();
    return Step.Part.of(Op.CHECK, at -> new CheckVersionRequest(at.path(path), version));
  }

  private Step.Part setAcl() {
    String path = names.any();
    List<ACL> acl = identities.acl();
    int version = version();
    return Step.Part.of(Op.SET_ACL, at -> new SetACLRequest(at.path(path), acl, version));
  }

  private Step.Part getAcl() {
    String path = names.any();
    return Step.Part.of(Op.GET_ACL, at -> new GetACLRequest(at.path(path)));
  }

  private Step.Part read() {
    String path = names.any();
    boolean watch = random.nextBoolean() && names.isWatchedOnce(path);
    return switch (random.nextInt(4)) {
      case 0 -> Step.Part.of(Op.EXISTS, at -> new ExistsRequest(at.path(path), watch));
      case 1 -> Step.Part.of(Op.GET_DATA, at -> new GetDataRequest(at.path(path), watch));
      case 2 -> Step.Part.of(Op.GET_CHILDREN, at -> new GetChildrenRequest(at.path(path), watch));
      default ->
          Step.Part.of(Op.GET_CHILDREN2, at -> new GetChildren2Request(at.path(path), watch));
    };
  }

  private Step.Part other() {
    String path = names.any();
    return switch (random.nextInt(5)) {
      case 0 -> Step.Part.of(Op.PING, at -> new NoRecord());
      case 1 -> Step.Part.of(Op.SYNC, at -> new SyncRequest(at.path(path)));
      case 2 -> Step.Part.of(Op.GET_EPHEMERALS, at -> new GetEphemeralsRequest(at.path(path)));
      case 3 ->
          Step.Part.of(
              Op.GET_ALL_CHILDREN_NUMBER, at -> new GetAllChildrenNumberRequest(at.path(path)));
      default -> Step.Part.of(Op.WHO_AM_I, at -> new NoRecord());
    };
  }
}
