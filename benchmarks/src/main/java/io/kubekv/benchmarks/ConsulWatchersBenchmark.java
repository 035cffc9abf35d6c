package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * {@code benchmarks/run consul-watchers}: 10,000 waiting blocking queries of Consul on one key,
 * held by another process: their memory, their waking, their end.
 */
final class ConsulWatchersBenchmark {
  private ConsulWatchersBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("consul-watchers", arguments, ConsulWatchersBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    InetSocketAddress door = FreePorts.next();
    try (StoreProcess store =
        StoreProcess.kubekv("--consul-listen", StoreProcess.hostAndPort(door))) {
      return WatchersBenchmark.measure(arguments, store, door, Watching.CONSUL);
    }
  }
}
