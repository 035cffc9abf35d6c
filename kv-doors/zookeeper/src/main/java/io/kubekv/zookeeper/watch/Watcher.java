package io.kubekv.zookeeper.watch;

import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.wire.EventType;
import java.util.List;
import org.apache.zookeeper.data.ACL;

/** Who is told of what happens. */
public interface Watcher {
  void happened(EventType type, String path);

  /** Whether the list of a node lets it be read by whom this tells. */
  boolean mayRead(List<ACL> acl);

  /**
   * It waits for one thing more: as long as its user may read it.
   *
   * @param below for what is below the path, and not for the path itself
   * @return to be run once it waits for it no more
   * @throws OverLimitException when its client, or all of them, wait for too much
   */
  Runnable waits(String path, boolean below);

  /** The number of its session. */
  long session();

  /** Whether it is told of nothing any more, and nothing is to be done for it. */
  boolean isOver();

  /** Events were lost, and it has to begin anew. */
  void lost();
}
