package io.kubekv.zookeeper;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.door.View;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.transport.tcp.TcpProtocol;
import io.kubekv.zookeeper.wire.Op;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** What all connections of a door share. Used on the event loop alone. */
final class Shared implements TcpProtocol {
  private final View whole;
  private final Optional<Gate> gate;
  private final Executor threads;
  private final Sessions sessions;
  private final Watches watches;
  private final FourLetterWords words;
  private final ZooKeeperDoor.Settings settings;
  private final Duration readTimeout;
  private final HeldBytes held;
  private final LongSupplier nanoTime;
  private final Map<Long, Connection> bySession = new HashMap<>();
  private final Set<Connection> connections = new LinkedHashSet<>();

  Shared(
      View whole,
      KeyValueStore store,
      Optional<Gate> gate,
      Executor threads,
      Executor loop,
      ZooKeeperDoor.Settings settings,
      HttpLimits limits,
      LongSupplier nanoTime) {
    this.whole = whole;
    this.gate = gate;
    this.threads = threads;
    this.sessions = new Sessions(whole.store(), settings.tick());
    this.watches = new Watches(store, loop);
    this.settings = settings;
    this.readTimeout = limits.readTimeout();
    this.held = new HeldBytes(limits.maxHeldBytes(), limits.maxHeldBytesOfClient());
    this.nanoTime = nanoTime;
    this.words = new FourLetterWords(this, store);
  }

  @Override
  public Set<String> verbs() {
    return Op.verbs();
  }

  @Override
  public Receiver opened(TcpConnection connection) {
    Connection opened =
        new Connection(this, connection, new Caller(connection, whole, gate, threads));
    connections.add(opened);
    return opened;
  }

  void closed(Connection connection) {
    connections.remove(connection);
    bySession.remove(connection.session(), connection);
    watches.removeAll(connection);
  }

  /** A session is on this connection from now on, and on no other. */
  void attached(long session, Connection connection) {
    Connection before = bySession.put(session, connection);
    if (before != null && before != connection) {
      before.lost();
    }
  }

  KeyValueStore store() {
    return whole.store();
  }

  Sessions sessions() {
    return sessions;
  }

  Watches watches() {
    return watches;
  }

  FourLetterWords words() {
    return words;
  }

  ZooKeeperDoor.Settings settings() {
    return settings;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** For how long a message may be coming. */
  Duration readTimeout() {
    return readTimeout;
  }

  HeldBytes held() {
    return held;
  }

  /** Ends connections whose time is over. */
  void look() {
    List.copyOf(connections).forEach(Connection::look);
  }

  Set<Connection> connections() {
    return connections;
  }

  void close() {
    watches.close();
  }
}
