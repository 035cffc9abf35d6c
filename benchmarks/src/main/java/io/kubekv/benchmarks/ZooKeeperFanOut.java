package io.kubekv.benchmarks;

import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.SetDataResponse;

/** Sessions that all wait for one node: how long after its change the last one has been told. */
final class ZooKeeperFanOut implements AutoCloseable {
  private final ZooKeeperClient writer;
  private final List<ZooKeeperClient> watchers = new ArrayList<>();

  /** Blocks until there are so many. */
  ZooKeeperFanOut(InetSocketAddress server, int count) throws IOException {
    writer = new ZooKeeperClient(server);
    for (int i = 0; i < count; i++) {
      watchers.add(new ZooKeeperClient(server));
    }
  }

  /**
   * From sending the change until every watcher has been told of it, once: an answer instead, or
   * silence, ends the run. Blocks.
   */
  Duration once() throws IOException {
    for (ZooKeeperClient each : watchers) {
      GetDataRequest request = new GetDataRequest(ZooKeeperNodes.name(0), true);
      var unused = each.ask(Op.GET_DATA, new GetDataResponse(), request);
    }
    long sent = System.nanoTime();
    var unused = writer.ask(Op.SET_DATA, new SetDataResponse(), ZooKeeperNodes.set(0));
    for (ZooKeeperClient each : watchers) {
      each.awaitEvent(ZooKeeperNodes.name(0));
    }
    return Duration.ofNanos(System.nanoTime() - sent);
  }

  @Override
  public void close() throws IOException {
    for (ZooKeeperClient each : watchers) {
      each.close();
    }
    writer.close();
  }
}
