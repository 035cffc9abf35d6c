package io.kubekv.benchmarks.load;

import java.io.IOException;

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
    long moved = client.revision() - before;
    if (moved < outcome.puts()) {
      throw new IOException(
          outcome.puts()
              + " writes were acknowledged and the revision moved by "
              + moved
              + " only: writes that change nothing are void");
    }
    int sample = Math.min(SAMPLE, outcome.written().size());
    for (String key : outcome.written().subList(0, sample)) {
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
