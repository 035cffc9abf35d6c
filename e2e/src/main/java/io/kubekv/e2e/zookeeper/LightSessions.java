package io.kubekv.e2e.zookeeper;

import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Very many sessions of ZooKeeper's protocol, all in the thread that uses this. */
final class LightSessions implements AutoCloseable {
  private static final int AT_ONCE = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Between two attempts to come back. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Selector selector;
  private final Duration timeout;
  private final List<LightSession> sessions = new ArrayList<>();
  private int underWay;
  private int next;
  private @Nullable Throwable failure;

  /**
   * @param timeout that each asks for
   */
  LightSessions(int count, Duration timeout) throws IOException {
    this.selector = Selector.open();
    this.timeout = timeout;
    for (int i = 0; i < count; i++) {
      sessions.add(new LightSession(selector, timeout));
    }
  }

  /** What is asked of a session. */
  @FunctionalInterface
  interface Question {
    CompletableFuture<?> ask(LightSession session) throws IOException;
  }

  /** Those that are used. */
  List<LightSession> all() {
    return List.copyOf(sessions);
  }

  /**
   * How often a session's client says that it lives: as the real client does, thrice in its time.
   */
  Duration pause() {
    return timeout.dividedBy(3);
  }

  /** Begins all of them. Blocks. */
  void begin(InetSocketAddress server) throws IOException {
    each(session -> session.connect(server).thenAccept(begun -> require(begun, "no session")));
  }

  /** Asks each, many at a time, and waits for all answers. One that fails ends the run. Blocks. */
  void each(Question question) throws IOException {
    failure = null;
    for (LightSession session : sessions) {
      await(() -> underWay < AT_ONCE);
      under(question.ask(session));
    }
    await(() -> underWay == 0);
    if (failure != null) {
      throw new IOException("a session failed: " + failure, failure);
    }
  }

  private void under(CompletableFuture<?> asked) {
    underWay++;
    var unused =
        asked.whenComplete(
            (done, failed) -> {
              underWay--;
              failure = failed == null ? failure : failed;
            });
  }

  static void require(boolean so, String otherwise) {
    if (!so) {
      throw new UncheckedIOException(new IOException(otherwise));
    }
  }

  /**
   * Sends signs of life for a time, an even pace apart, and goes on where it stopped. Blocks.
   *
   * @return how many there were
   */
  long keepAlive(Duration time) throws IOException {
    failure = null;
    long begun = System.nanoTime();
    long pace = pause().toNanos() / sessions.size();
    long signs = time.toNanos() / pace;
    for (long sign = 0; sign < signs; sign++) {
      pump(begun + sign * pace);
      under(sessions.get(next).ask(Op.PING));
      next = (next + 1) % sessions.size();
    }
    await(() -> underWay == 0);
    if (failure != null) {
      throw new IOException("a session was not kept: " + failure, failure);
    }
    return signs;
  }

  /**
   * Their server is gone: all go on at another one, and try again as long as nobody answers there.
   * Blocks.
   *
   * @return those that are over; they are used no more
   */
  List<LightSession> comeBack(InetSocketAddress server) throws IOException {
    List<LightSession> away = new ArrayList<>(sessions);
    List<LightSession> over = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!away.isEmpty()) {
      List<LightSession> still = new ArrayList<>();
      for (LightSession session : away) {
        await(() -> underWay < AT_ONCE);
        underWay++;
        var unused =
            session
                .connect(server)
                .whenComplete(
                    (lives, failed) -> {
                      underWay--;
                      if (failed != null) {
                        still.add(session);
                      } else if (!lives) {
                        over.add(session);
                      }
                    });
      }
      await(() -> underWay == 0);
      if (System.nanoTime() > deadline) {
        throw new IOException(still.size() + " sessions found no server that answers");
      }
      away = still;
      if (!away.isEmpty()) {
        pump(System.nanoTime() + PAUSE.toNanos());
      }
    }
    sessions.removeAll(over);
    return over;
  }

  /** The last so many say nothing any more, and are used no more. */
  List<LightSession> silence(int count) {
    List<LightSession> last = sessions.subList(sessions.size() - count, sessions.size());
    List<LightSession> silent = List.copyOf(last);
    last.clear();
    next = 0;
    silent.forEach(LightSession::leave);
    return silent;
  }

  private void await(BooleanSupplier done) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a session was not answered within " + PATIENCE.toSeconds() + " s");
      }
      turn(PAUSE.toMillis());
    }
  }

  /** Does what can be done until then. */
  private void pump(long until) throws IOException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      turn(Math.max(1, left / 1_000_000));
    }
  }

  private void turn(long millis) throws IOException {
    int unused = selector.select(millis);
    for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isValid()) {
        ((LightSession) key.attachment()).ready(key);
      }
    }
  }

  /** Closes the connections; the sessions end by themselves. */
  @Override
  public void close() throws IOException {
    sessions.forEach(LightSession::leave);
    selector.close();
  }
}
