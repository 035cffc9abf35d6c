package io.kubekv.zookeeper.node;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Index;
import org.apache.zookeeper.data.ACL;

/**
 * What of a node the store does not know by itself, kept in {@link Entry#metadata()}.
 *
 * @param kind whether the node ends when it has no children any more
 * @param timeToLive of {@link Kind#TTL}, in milliseconds
 * @param acl who may what; immutable
 */
public record NodeMeta(Kind kind, long timeToLive, List<ACL> acl) {
  /** When a node ends by itself. */
  public enum Kind {
    /** Never. */
    PLAIN,
    /** When its last child is gone. */
    CONTAINER,
    /** When it has no children and was not changed for so long. */
    TTL,
    /** Never: the root, which had a list before it had data. */
    LISTED
  }

  /** Everybody may everything. */
  public static final NodeMeta OPEN = new NodeMeta(Kind.PLAIN, 0, List.of(Acls.OPEN));

  /** Nobody may anything. */
  public static final NodeMeta CLOSED =
      new NodeMeta(Kind.PLAIN, 0, List.of(new ACL(0, Acls.ANYONE)));

  public NodeMeta {
    acl = List.copyOf(acl);
  }

  public NodeMeta withAcl(List<ACL> newAcl) {
    return new NodeMeta(kind, timeToLive, newAcl);
  }

  /** The same of the root, whose entry begins with it. */
  public NodeMeta listed() {
    return new NodeMeta(Kind.LISTED, 0, acl);
  }

  /** As it is kept; nothing for the most common. */
  public Bytes encoded() {
    if (equals(OPEN)) {
      return Bytes.EMPTY;
    }
    return Bytes.copyOf(
        Wire.bytes(
            archive -> {
              archive.writeByte((byte) kind.ordinal(), "kind");
              archive.writeLong(timeToLive, "ttl");
              archive.writeInt(acl.size(), "count");
              for (ACL each : acl) {
                each.serialize(archive, "acl");
              }
            }));
  }

  /**
   * Of an entry; where another program, or a later version, has written there what is no such
   * thing, nobody may anything.
   */
  public static NodeMeta of(Entry entry) {
    Bytes content = entry.metadata().content();
    if (content.size() == 0) {
      return OPEN;
    }
    try {
      BinaryInputArchive archive = Wire.reader(content.toArray());
      Kind kind = Kind.values()[archive.readByte("kind")];
      long timeToLive = archive.readLong("ttl");
      List<ACL> acl = acls(archive);
      return acl.isEmpty() ? CLOSED : new NodeMeta(kind, timeToLive, acl);
    } catch (IOException | RuntimeException notOne) {
      return CLOSED;
    }
  }

  private static List<ACL> acls(BinaryInputArchive archive) throws IOException {
    List<ACL> acl = new ArrayList<>();
    Index index = archive.startVector("acl");
    if (index != null) {
      for (; !index.done(); index.incr()) {
        ACL each = new ACL();
        each.deserialize(archive, "acl");
        acl.add(each);
      }
    }
    return acl;
  }
}
