package io.kubekv.zookeeper.node;

import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Precondition;
import io.kubekv.Revision;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A node as it stood at one revision.
 *
 * @param entry absent where there is none: then there is no node, or it is implied by one below it
 * @param counts of what is directly below it
 */
public record Node(String path, Optional<Entry> entry, DirectoryLookup counts, Revision revision) {
  /** The mark of an entry whose data is absent, and not only empty. */
  public static final long NO_DATA = 0x7a6b2d6e756c6c00L;

  public boolean exists() {
    return entry.isPresent() || counts.children() > 0 || Special.exists(path);
  }

  /**
   * The same.
   *
   * @throws ZkException when there is no such node
   */
  public Node required() {
    if (!exists()) {
      throw new ZkException(Code.NO_NODE);
    }
    return this;
  }

  public NodeMeta meta() {
    return Special.is(path) ? Special.META : entry.map(NodeMeta::of).orElse(NodeMeta.OPEN);
  }

  public List<ACL> acl() {
    return meta().acl();
  }

  public byte @Nullable [] data() {
    if (entry.isEmpty()) {
      return new byte[0];
    }
    Entry own = entry.get();
    return own.value().size() == 0 && own.flags() == NO_DATA ? null : own.value().toArray();
  }

  /** How often its data was set, as clients count; the root begins with nothing. */
  private static long shown(String path, Entry entry) {
    return entry.version() - 1 + (isRootOfData(path, entry) ? 1 : 0);
  }

  /** Whether it is the root, and its entry began with its data: nodes are made with theirs. */
  private static boolean isRootOfData(String path, Entry entry) {
    return path.equals(Path.ROOT) && NodeMeta.of(entry).kind() != NodeMeta.Kind.LISTED;
  }

  /** Whether its data was never set. */
  private boolean isBare(Entry own) {
    return path.equals(Path.ROOT) && shown(path, own) == 0;
  }

  /**
   * What holds of the entry as long as its data is of a version.
   *
   * @param version as clients count
   */
  public Precondition isOfVersion(int version) {
    if (path.equals(Path.ROOT) && entry.isEmpty()) {
      return version == 0 ? Precondition.ABSENT : new Precondition.VersionIs(version);
    }
    boolean fromOne = entry.isPresent() && isRootOfData(path, entry.get());
    return new Precondition.VersionIs(fromOne ? version : version + 1L);
  }

  public long modified() {
    return entry.filter(own -> !isBare(own)).map(own -> own.modifyRevision().value()).orElse(0L);
  }

  public long childrenChanged() {
    long changed = counts.changed().value();
    return changed > 0 ? changed : created();
  }

  private long created() {
    return path.equals(Path.ROOT) ? 0 : entry.map(own -> own.createRevision().value()).orElse(0L);
  }

  private int children() {
    return (int) counts.children() + (path.equals(Path.ROOT) ? 1 : 0);
  }

  public Stat stat() {
    Stat stat = new Stat();
    stat.setCzxid(created());
    stat.setMzxid(modified());
    stat.setPzxid(childrenChanged());
    stat.setNumChildren(children());
    stat.setCversion((int) (2 * counts.creates()) - children());
    entry.ifPresent(
        own -> {
          stat.setCtime(path.equals(Path.ROOT) ? 0 : own.times().created());
          stat.setMtime(isBare(own) ? 0 : own.times().modified());
          stat.setVersion((int) shown(path, own));
          stat.setAversion(own.metadata().version());
          stat.setDataLength(own.value().size());
          stat.setEphemeralOwner(owner(own));
        });
    return stat;
  }

  /** Of nodes that end otherwise no owner is shown, as by ZooKeeper. */
  private static long owner(Entry entry) {
    return entry.attachedTo().map(session -> session.value().getLeastSignificantBits()).orElse(0L);
  }
}
