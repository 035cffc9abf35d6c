package io.kubekv.zookeeper.connection;

import java.util.HashMap;
import java.util.Map;

/**
 * The bytes that are held of requests which are not answered, all connections' together and those
 * of one address. Used on the event loop alone.
 */
final class HeldBytes {
  /** What any connection may hold, however much others do. */
  static final long SMALL = 16 << 10;

  private final long most;
  private final long mostOfClient;
  private final Map<String, Long> byClient = new HashMap<>();
  private long all;

  /**
   * @param most of all together
   * @param mostOfClient of one address
   */
  HeldBytes(long most, long mostOfClient) {
    this.most = most;
    this.mostOfClient = mostOfClient;
  }

  /** A connection holds another number of bytes than before; whether it may. */
  boolean holds(String client, long before, long now) {
    all += now - before;
    long own = byClient.merge(client, now - before, Long::sum);
    if (own == 0) {
      byClient.remove(client);
    }
    return now <= SMALL || all <= most && own <= mostOfClient;
  }

  long all() {
    return all;
  }

  /** Of how many addresses something is held. */
  int clients() {
    return byClient.size();
  }
}
