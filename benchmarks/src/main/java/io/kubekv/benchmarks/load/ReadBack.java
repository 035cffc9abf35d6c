package io.kubekv.benchmarks.load;

import java.io.IOException;
import java.util.List;

/**
 * Looks whether a store has done what it acknowledged. A write that changes nothing costs nothing,
 * and a figure of such writes says nothing of writes.
 */
public final class ReadBack implements AutoCloseable {
  private static final int SAMPLE = 8;

  private final Client client;
  private final long before;

  private ReadBack(Client client, long before) {
    this.client = client;
    this.before = before;
  }

  /** Notes where the store stands, on a connection of its own, before a load is put on it. */
  public static ReadBack before(Client.Connector store) throws IOException {
    Client client = store.open();
    try {
      return new ReadBack(client, client.revision());
    } catch (IOException failed) {
      client.close();
      throw failed;
    }
  }

  /**
   * Holds the store to the writes of a load, which must be over.
   *
   * @throws IOException when its revision has moved less often than writes were acknowledged, or a
   *     key that was written has not changed
   */
  public void require(LoadDriver.Outcome outcome) throws IOException {
    require(outcome.puts(), outcome.written());
  }

  /**
   * The same by the number of writes that were acknowledged and by keys that were written; of these
   * it looks at the first eight.
   */
  public void require(long puts, List<String> written) throws IOException {
    long moved = client.revision() - before;
    if (moved < puts) {
      throw new IOException(
          puts
              + " writes were acknowledged and the revision moved by "
              + moved
              + " only: writes that change nothing are void");
    }
    for (String key : written.subList(0, Math.min(SAMPLE, written.size()))) {
      if (client.modified(key) <= before) {
        throw new IOException("a write of " + key + " was acknowledged, and it has not changed");
      }
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
