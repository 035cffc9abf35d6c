package io.kubekv.benchmarks;

import io.kubekv.benchmarks.load.EtcdV3Clients;
import io.kubekv.benchmarks.load.KubekvClients;
import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run put --etcd-v3}: puts of 200 bytes over gRPC to kubekv on an etcd v3,
 * against puts to that etcd itself; and many clients' linearizable GETs through the etcd v2 API,
 * against etcd v2's.
 */
final class EtcdPutBenchmark {
  private static final int KEYS = 1000;

  private EtcdPutBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("put --etcd-v3", arguments, EtcdPutBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    PutBenchmark.Form form = PutBenchmark.Form.of(arguments.flag("--quick"));
    arguments.end();
    InetSocketAddress server = address(System.getenv("E2E_ETCD"));
    Written peers = new Written(KEYS, GrpcKeys::name);
    Written own = new Written(KEYS, GrpcKeys::name);
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess kubekv = StoreProcess.kubekv();
        GrpcLoop<?, ?> direct = GrpcKeys.etcdPuts(server, peers);
        GrpcLoop<?, ?> through = GrpcKeys.puts(kubekv, own)) {
      Keys.fill(etcd.address(), KEYS);
      Keys.fill(kubekv.address(), KEYS);
      Accounted accounted = new Accounted(through, List.of(kubekv.server().pid()));
      SideBySide puts =
          new SideBySide(
              new Proven(direct, () -> EtcdV3Clients.open(server), peers),
              new Proven(accounted, () -> KubekvClients.open(kubekv.grpc()), own));
      puts.warmUp(64, form.warmUp());
      double lone = PutBenchmark.run(puts, 1, form).medianRatio();
      accounted.restart();
      double throughput = PutBenchmark.run(puts, 64, form).throughputRatio();
      double micros = accounted.microsEach();
      double many = PutBenchmark.run(puts, 256, form).throughputRatio();
      SideBySide gets =
          new SideBySide(
              etcd, kubekv, (store, random) -> Keys.linearizableGet(store, random.nextInt(KEYS)));
      double read = gets.run("get, 64 clients", 64, form.rounds(), form.slice()).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "puts by etcd v3's own: 1 client p50 %.2f x, 64 clients throughput %.2f x (%.0f us of"
                  + " kubekv each), 256 clients %.2f x; gets of 64 clients %.2f x etcd v2's",
              lone,
              throughput,
              micros,
              many,
              read);
      return new Check.Verdict(
          figure,
          "any, %s x, %s x, %s x"
              .formatted(
                  Target.ETCD_PUT_64.plain(),
                  Target.ETCD_PUT_256.plain(),
                  Target.ETCD_GET_64.plain()),
          Target.ETCD_PUT_64.isMetBy(throughput)
              && Target.ETCD_PUT_256.isMetBy(many)
              && Target.ETCD_GET_64.isMetBy(read));
    }
  }

  private static InetSocketAddress address(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
  }
}
