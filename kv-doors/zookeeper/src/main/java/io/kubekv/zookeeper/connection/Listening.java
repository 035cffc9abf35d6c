package io.kubekv.zookeeper.connection;

import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.watch.Watcher;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Wire;
import java.util.List;
import org.apache.zookeeper.data.ACL;

/** What a connection's client is told without having asked for it just now. */
final class Listening implements Watcher {
  private final Connection connection;

  Listening(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void happened(EventType type, String path) {
    if (!connection.isOver()) {
      connection.send(Wire.event(type, path));
    }
  }

  @Override
  public void happened(EventType type, String path, long revision) {
    if (!connection.isOver()) {
      connection.outbox().event(revision, Wire.event(type, path));
    }
  }

  @Override
  public void owes(long revision) {
    connection.outbox().owes(revision);
  }

  @Override
  public boolean mayRead(List<ACL> acl) {
    return Acls.allows(acl, Acls.READ, connection.caller().ids());
  }

  @Override
  public Runnable waits(String path, boolean below) {
    Runnable budget = connection.wire().waits();
    Runnable right =
        connection.caller().holds(path, below, () -> connection.wire().loop().execute(this::lost));
    return () -> {
      budget.run();
      right.run();
    };
  }

  @Override
  public long session() {
    return connection.session();
  }

  @Override
  public boolean isOver() {
    return connection.isOver();
  }

  /** What it waits for was missed, or may be read by its user no more: it comes again. */
  @Override
  public void lost() {
    if (!connection.isOver()) {
      connection.end();
    }
  }
}
