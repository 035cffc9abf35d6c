package io.kubekv.benchmarks;

import java.io.IOException;
import java.util.SplittableRandom;

/**
 * What sessions do with a server of ZooKeeper's protocol, and how it is proved that it was done.
 */
interface ZooKeeperWork {
  /** Before a slice. */
  void begin(ZooKeeperClient client) throws IOException;

  /** One request, and a look at its answer. */
  void once(ZooKeeperClient client, SplittableRandom random) throws IOException;

  /** After a slice in which so many requests were answered: the nodes must show it. */
  void prove(ZooKeeperClient client, long answered) throws IOException;

  /** That what is there is what was acknowledged. */
  static void same(String what, long found, long acknowledged) throws IOException {
    if (found != acknowledged) {
      throw new IOException("%d %s are there, %d were told".formatted(found, what, acknowledged));
    }
  }
}
