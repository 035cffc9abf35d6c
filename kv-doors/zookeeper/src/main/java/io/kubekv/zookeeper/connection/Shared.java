package io.kubekv.zookeeper.connection;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.View;
import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.transport.tcp.TcpProtocol;
import io.kubekv.zookeeper.admin.FourLetterWords;
import io.kubekv.zookeeper.admin.ServerFigures;
import io.kubekv.zookeeper.admin.Tally;
import io.kubekv.zookeeper.session.Sessions;
import io.kubekv.zookeeper.watch.Watches;
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
public final class Shared implements TcpProtocol {
  private final View whole;
  private final Optional<Gate> gate;
  private final Executor threads;
  private final Sessions sessions;
  private final Watches watches;
  private final Tally tally = new Tally();
  private final ServerFigures figures;
  private final FourLetterWords words;
  private final Duration readTimeout;
  private final HeldBytes held;
  private final LongSupplier nanoTime;
  private final LongSupplier millis;
  private final Map<Long, Connection> bySession = new HashMap<>();
  private final Set<Connection> connections = new LinkedHashSet<>();

  /**
   * @param whole the store as the door sees it
   * @param tick sessions live between two and twenty of these without a sign of life
   * @param answered the words of four letters that are answered
   * @param loop serves all connections
   * @param millis the day's clock, for what is shown
   */
  public Shared(
      DoorContext context,
      View whole,
      Duration tick,
      Set<String> answered,
      Executor loop,
      LongSupplier nanoTime,
      LongSupplier millis) {
    KeyValueStore store = context.store().store();
    this.whole = whole;
    this.gate = context.gate();
    this.threads = context.threads();
    this.sessions = new Sessions(whole.store(), tick);
    this.watches = new Watches(store, loop);
    this.readTimeout = context.http().readTimeout();
    this.held = new HeldBytes(context.http().maxHeldBytes(), context.http().maxHeldBytesOfClient());
    this.nanoTime = nanoTime;
    this.millis = millis;
    this.figures =
        new ServerFigures(
            answered,
            tick,
            store,
            watches,
            () -> connections.stream().map(Connection::figures).toList(),
            tally,
            millis.getAsLong(),
            millis);
    this.words = new FourLetterWords(figures);
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
    watches.removeAll(connection.watcher());
  }

  /** A session is on this connection from now on, and on no other. */
  void attached(long session, Connection connection) {
    Connection before = bySession.put(session, connection);
    if (before != null && before != connection) {
      before.end();
    }
  }

  KeyValueStore store() {
    return whole.store();
  }

  /** For what takes long, or waits. */
  Executor threads() {
    return threads;
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

  /** What is shown of the door. */
  public ServerFigures figures() {
    return figures;
  }

  Tally tally() {
    return tally;
  }

  /** The day's clock, for what is shown. */
  long millis() {
    return millis.getAsLong();
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
  public void look() {
    List.copyOf(connections).forEach(Connection::look);
  }

  public void close() {
    watches.close();
  }
}
