package io.kubekv.benchmarks;

import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.jute.Record;

/** A session that must be refused nothing. */
final class ZooKeeperClient implements AutoCloseable {
  /** Longer than any slice, and the longest that a server with ticks of three seconds lets be. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ZooKeeperSession session;

  /** Blocks until the session has begun. */
  ZooKeeperClient(InetSocketAddress server) throws IOException {
    session = new ZooKeeperSession(server, TIMEOUT, TIMEOUT, ZooKeeperSession.Identity.NONE);
  }

  /** Asks, and reads the answer into a record; a refusal is an exception. Blocks. */
  <R extends Record> R ask(Op what, R answer, Record... request) throws IOException {
    return asked(what, request).body().read(answer);
  }

  /** The same, without a look at what follows the answer's header. */
  ZooKeeperSession.Answer asked(Op what, Record... request) throws IOException {
    ZooKeeperSession.Answer answer = session.ask(what, request);
    if (answer.error() != 0) {
      throw new IOException(what.verb() + " was refused by error " + answer.error());
    }
    return answer;
  }

  /** Waits for an event of this path, which must come next. Blocks. */
  void awaitEvent(String path) throws IOException {
    String told = session.awaitEvent();
    if (!told.equals(path)) {
      throw new IOException("told of " + told + ", not of " + path);
    }
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
