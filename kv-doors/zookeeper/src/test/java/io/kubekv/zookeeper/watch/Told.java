package io.kubekv.zookeeper.watch;

import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.wire.EventType;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** A watcher that keeps what it was told, and may wait for so many things. */
final class Told implements Watcher {
  private final List<String> events = new ArrayList<>();
  private final List<Id> ids;
  private final int most;
  private int waiting;
  private boolean lost;
  private long owed;

  Told(int most, Id... ids) {
    this.most = most;
    this.ids = List.of(ids);
  }

  List<String> events() {
    return events;
  }

  int waiting() {
    return waiting;
  }

  /** What the answer shows that is owed. */
  long owed() {
    return owed;
  }

  boolean isLost() {
    return lost;
  }

  @Override
  public void happened(EventType type, String path) {
    events.add(type + " " + path);
  }

  @Override
  public void happened(EventType type, String path, long revision) {
    happened(type, path);
  }

  @Override
  public void owes(long revision) {
    owed = revision;
  }

  @Override
  public boolean mayRead(List<ACL> acl) {
    return Acls.allows(acl, Acls.READ, ids);
  }

  @Override
  public Runnable waits(String path, boolean below) {
    if (waiting == most) {
      throw new OverLimitException(Limit.CLIENT_WATCHES, "too many");
    }
    waiting++;
    return () -> waiting--;
  }

  @Override
  public long session() {
    return 1;
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public void lost() {
    lost = true;
  }
}
