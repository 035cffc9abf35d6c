package io.kubekv.zookeeper.probes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.zookeeper.wire.Op;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.AuthPacket;

/** Who a session is, and lists of who may. */
final class Identities {
  private static final int ALL = 31;
  private static final Id ANYONE = new Id("world", "anyone");

  /** Of ann, whose password is secret. */
  private static final Id ANN = new Id("digest", "ann:7RJfAeIvrl4zdj6sS2fXrQHDvHM=");

  private static final List<List<ACL>> LISTS =
      List.of(
          List.of(new ACL(1, ANYONE)),
          List.of(new ACL(1 + 4 + 16, ANYONE)),
          List.of(new ACL(0, ANYONE)),
          List.of(new ACL(64, ANYONE)),
          List.of(new ACL(ALL, ANYONE), new ACL(ALL, ANYONE)),
          List.of(new ACL(ALL, new Id("auth", ""))),
          List.of(new ACL(3, new Id("auth", "")), new ACL(1, ANYONE)),
          List.of(new ACL(ALL, ANN)),
          List.of(new ACL(ALL, new Id("digest", "bob:nothing"))),
          List.of(new ACL(ALL, new Id("digest", "nocolon"))),
          List.of(new ACL(ALL, new Id("ip", "127.0.0.1"))),
          List.of(new ACL(ALL, new Id("ip", "10.0.0.0/8")), new ACL(17, ANYONE)),
          List.of(new ACL(ALL, new Id("ip", "10.0.0.0/99"))),
          List.of(new ACL(ALL, new Id("world", "somebody"))),
          List.of(new ACL(ALL, new Id("none", "x"))),
          List.of());

  private final RandomGenerator random;

  Identities(RandomGenerator random) {
    this.random = random;
  }

  /** Mostly one that lets everybody do everything: else nothing could be done. */
  List<ACL> acl() {
    return random.nextInt(6) == 0 ? LISTS.get(random.nextInt(LISTS.size())) : Probed.OPEN;
  }

  Step.Part any() {
    return switch (random.nextInt(12)) {
      case 0 -> auth("none", "x");
      case 1 -> auth("digest", "nocolon");
      case 2, 3, 4 -> auth("digest", "bob:other");
      case 5 -> auth("ip", "10.0.0.1");
      default -> auth("digest", "ann:secret");
    };
  }

  private static Step.Part auth(String scheme, String who) {
    return Step.Part.of(Op.AUTH, at -> new AuthPacket(0, scheme, who.getBytes(UTF_8)));
  }
}
