package io.kubekv.zookeeper.watch;

import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.wire.EventType;
import java.util.List;
import org.apache.zookeeper.data.ACL;

/** Who is told of what happens. */
public interface Watcher {
  /** Tells at once. */
  void happened(EventType type, String path);

  /** Tells what happened at a revision: at once, or behind an answer that is owed. */
  void happened(EventType type, String path, long revision);

  /**
   * An answer is owed from now on that shows this revision and none later, and whose client takes
   * no event of what it now waits for before that answer. What comes after this revision is told
   * behind it.
   */
  void owes(long revision);

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
