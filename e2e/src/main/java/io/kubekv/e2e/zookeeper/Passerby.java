package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Waiting;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.zookeeper.proto.SyncRequest;

/** A client that comes again and again, begins a session, asks for something and goes. */
final class Passerby implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final InetSocketAddress server;
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private volatile boolean stopped;
  private volatile int visits;
  private volatile int failures;
  private volatile long longest;

  Passerby(InetSocketAddress server) {
    this.server = server;
    thread.start();
  }

  private void run() {
    while (!stopped) {
      long begun = System.nanoTime();
      try (ZooKeeperSession session =
          new ZooKeeperSession(server, PATIENCE, PATIENCE, ZooKeeperSession.Identity.NONE)) {
        if (session.ask(Op.SYNC, new SyncRequest("/")).error() != 0) {
          failures++;
        }
      } catch (IOException failed) {
        failures++;
      }
      visits++;
      longest = Math.max(longest, System.nanoTime() - begun);
      Waiting.pause(PAUSE);
    }
  }

  /** How often it came. */
  int visits() {
    return visits;
  }

  /** How often it was not served. */
  int failures() {
    return failures;
  }

  /** The longest time from its coming to its going. */
  Duration longest() {
    return Duration.ofNanos(longest);
  }

  /** Waits until it has gone. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
