package io.kubekv.benchmarks;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.ManagedChannel;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ProcessorTime;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run etcd-v3-streams}: 10,000 watches on one stream of etcd's v3 API, how long
 * after a change the last one is told and what heap each takes; and 10,000 leases that are kept
 * alive on one stream, what they write and what they cost.
 */
final class EtcdV3StreamsBenchmark {
  private static final ByteString KEY = EtcdV3Keys.name(0);
  private static final int ROUNDS = 9;
  private static final double SECONDS_BAR = 1.0;
  private static final double BYTES_BAR = 12 * 1024;
  private static final double CORES_BAR = 0.5;

  private final StoreProcess store;
  private final ManagedChannel channel;
  private final KVGrpc.KVBlockingStub kv;

  private EtcdV3StreamsBenchmark(StoreProcess store, ManagedChannel channel) {
    this.store = store;
    this.channel = channel;
    this.kv = KVGrpc.newBlockingStub(channel);
  }

  public static void main(String[] arguments) {
    Check.run("etcd-v3-streams", arguments, EtcdV3StreamsBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int count = arguments.count("--count", quick ? 2000 : 10_000);
    arguments.end();
    try (StoreProcess store =
        StoreProcess.kubekv("--client-watches", "20000", "--client-sessions", "20000")) {
      ManagedChannel channel = GrpcLoop.channel(store.address());
      try {
        return new EtcdV3StreamsBenchmark(store, channel)
            .measure(count, Duration.ofSeconds(quick ? 10 : 40));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private Check.Verdict measure(int count, Duration time) throws IOException {
    put();
    long before = ServerHeap.liveBytes(store);
    EtcdV3Watchers watchers = new EtcdV3Watchers(channel);
    watchers.begin(KEY, count);
    double bytes = (ServerHeap.liveBytes(store) - before) / (double) count;
    double worst = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begun = System.nanoTime();
      put();
      watchers.awaitWoken(count);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Check.say("%d watches were told of a change within %.3f s", count, seconds);
      worst = round < 2 ? 0 : Math.max(worst, seconds); // the first two compile
    }
    EtcdV3Leases leases = new EtcdV3Leases(channel);
    leases.grant(count);
    leases.keepAlive(Duration.ofSeconds(10)); // compiled: not counted
    long revision = put();
    double busy = ProcessorTime.seconds(store);
    long begun = System.nanoTime();
    long kept = leases.keepAlive(time);
    double cores = (ProcessorTime.seconds(store) - busy) / ((System.nanoTime() - begun) / 1e9);
    long written = put() - revision - 1;
    Check.say("%d leases were kept alive %d times with %d writes", count, kept, written);
    String figure =
        String.format(
            Locale.ROOT,
            "%d watches told within %.2f s, %.1f KB each; %d leases kept alive with %d writes, %.2f"
                + " cores",
            count,
            worst,
            bytes / 1024,
            count,
            written,
            cores);
    return new Check.Verdict(
        figure,
        "<= 1 s, <= 12 KB; 0 writes, <= 0.5 cores",
        worst <= SECONDS_BAR && bytes <= BYTES_BAR && written == 0 && cores <= CORES_BAR);
  }

  /** Changes the key; its revision then. */
  private long put() {
    return kv.put(
            PutRequest.newBuilder().setKey(KEY).setValue(ByteString.copyFromUtf8("value")).build())
        .getHeader()
        .getRevision();
  }
}
