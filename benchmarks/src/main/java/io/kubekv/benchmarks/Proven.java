package io.kubekv.benchmarks;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.EtcdV2Client;
import io.kubekv.benchmarks.load.ReadBack;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * A contestant that writes with each request, and whose writes are read back after each slice: its
 * store's revision must have moved as often as writes were acknowledged, and keys that were written
 * must have changed. Otherwise the slice fails.
 */
final class Proven implements SideBySide.Contestant {
  private final SideBySide.Contestant of;
  private final Client.Connector store;
  private final Written written;

  /**
   * @param store where it writes
   * @param written what chooses its keys
   */
  Proven(SideBySide.Contestant of, Client.Connector store, Written written) {
    this.of = of;
    this.store = store;
    this.written = written;
  }

  /** PUTs of the benchmarks' first keys, at random, by etcd's v2 API. */
  static Proven etcdV2(String name, StoreProcess process, int keys) {
    Written written = new Written(keys, Keys::name);
    return new Proven(
        SideBySide.over(
            name, process, (address, random) -> Keys.put(address, written.choose(random))),
        () -> new EtcdV2Client(process.address()),
        written);
  }

  @Override
  public String name() {
    return of.name();
  }

  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    written.forget();
    try (ReadBack readBack = ReadBack.before(store)) {
      ClosedLoop.Result result = of.slice(clients, time);
      readBack.require(result.times().getTotalCount(), written.names());
      return result;
    } catch (IOException failed) {
      throw new IOException(name() + ": " + failed.getMessage(), failed);
    }
  }
}
