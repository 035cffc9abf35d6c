package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.process.ServerGauges;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Very many connections to one server that never say who they are, beside a client that does. */
final class IdleScenario {
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Until the server has noticed that all are open, or over. */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(5);

  private IdleScenario() {}

  /** Blocks until it is over. */
  static IdleSeen run(int count) throws IOException {
    InetSocketAddress door = FreePorts.next();
    try (StoreProcess store =
            StoreProcess.embedded("--zookeeper-listen", StoreProcess.hostAndPort(door));
        Passerby passerby = new Passerby(door);
        IdleConnections idle = new IdleConnections()) {
      Waiting.pause(WARM_UP);
      long before = memory(store);
      idle.open(door, count);
      long held = awaitConnections(store, count, Long.MAX_VALUE);
      long most = memory(store);
      Check.say("%d idle connections are open", count);
      idle.awaitClosed(IdleSeen.LIMIT.plus(IdleSeen.SLACK));
      awaitConnections(store, 0, 1); // the other client's may be there
      long left = memory(store);
      passerby.close();
      return new IdleSeen(
          count,
          held,
          most - before,
          left - before,
          idle.stillOpen(),
          idle.answered(),
          idle.earliest(),
          idle.latest(),
          passerby.visits(),
          passerby.failures(),
          passerby.longest());
    }
  }

  private static long memory(StoreProcess store) throws IOException {
    double direct = new ServerGauges(store).value("kubekv_direct_bytes");
    return ServerHeap.liveBytes(store) + (long) direct;
  }

  /** How many the server has, when they are so many or it has taken too long. */
  private static long awaitConnections(StoreProcess store, long atLeast, long atMost)
      throws IOException {
    ServerGauges gauges = new ServerGauges(store);
    long deadline = System.nanoTime() + NOTICED_WITHIN.toNanos();
    long now = connections(gauges);
    while ((now < atLeast || now > atMost) && System.nanoTime() < deadline) {
      Waiting.pause(LOOK);
      now = connections(gauges);
    }
    return now;
  }

  private static long connections(ServerGauges gauges) throws IOException {
    return (long) gauges.value("kubekv_connections", "door=\"zookeeper\"");
  }
}
