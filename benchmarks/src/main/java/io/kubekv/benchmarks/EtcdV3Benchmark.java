package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run etcd-v3}: the etcd v3 API of kubekv on its own disk beside that of etcd
 * 3.6, both called by the same program: linearizable ranges of one key, durable puts and
 * transactions of 200 bytes, by 1, 64 and 256 clients at once.
 */
final class EtcdV3Benchmark {
  private static final int KEYS = 1000;
  private static final int[] CLIENTS = {1, 64, 256};
  private static final double RANGE_BAR = 1.5;
  private static final double PUT_BAR = 0.8;

  private EtcdV3Benchmark() {}

  public static void main(String[] arguments) {
    Check.run("etcd-v3", arguments, EtcdV3Benchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    PutBenchmark.Form form = PutBenchmark.Form.of(arguments.flag("--quick"));
    arguments.end();
    EtcdV3Keys keys = new EtcdV3Keys(KEYS);
    try (StoreProcess etcd = StoreProcess.etcd(System.getenv("E2E_ETCD36"));
        StoreProcess kubekv = StoreProcess.embedded()) {
      InetSocketAddress peer = etcd.address();
      InetSocketAddress own = kubekv.address();
      keys.fill(peer);
      keys.fill(own);
      try (GrpcLoop<?, ?> peerRanges = keys.ranges("etcd", peer);
          GrpcLoop<?, ?> ranges = keys.ranges("kubekv", own);
          GrpcLoop<?, ?> peerPuts = keys.puts("etcd", peer);
          GrpcLoop<?, ?> puts = keys.puts("kubekv", own);
          GrpcLoop<?, ?> peerTransactions = keys.transactions("etcd", peer);
          GrpcLoop<?, ?> transactions = keys.transactions("kubekv", own)) {
        double[] range = ratios("range", peerRanges, ranges, kubekv, form);
        double[] put = ratios("put", peerPuts, puts, kubekv, form);
        double[] txn = ratios("txn", peerTransactions, transactions, kubekv, form);
        String figure =
            "throughput by etcd's with 1, 64, 256 clients: range "
                + text(range)
                + ", put "
                + text(put)
                + ", txn "
                + text(txn);
        return new Check.Verdict(
            figure,
            "range of 64 clients >= 1.5 x, put of 64 clients >= 0.8 x",
            range[1] >= RANGE_BAR && put[1] >= PUT_BAR);
      }
    }
  }

  /** Of the throughput, by how many clients there are. */
  private static double[] ratios(
      String what,
      GrpcLoop<?, ?> peer,
      GrpcLoop<?, ?> own,
      StoreProcess kubekv,
      PutBenchmark.Form form)
      throws IOException {
    Accounted accounted = new Accounted(own, List.of(kubekv.server().pid()));
    SideBySide comparison = new SideBySide(peer, accounted);
    comparison.warmUp(64, form.warmUp());
    double[] ratios = new double[CLIENTS.length];
    for (int at = 0; at < CLIENTS.length; at++) {
      accounted.restart();
      String load = what + ", " + CLIENTS[at] + (CLIENTS[at] == 1 ? " client" : " clients");
      ratios[at] = comparison.run(load, CLIENTS[at], form.rounds(), form.slice()).throughputRatio();
      Check.say("%s: %.0f us of kubekv's processor time each", load, accounted.microsEach());
    }
    return ratios;
  }

  private static String text(double[] ratios) {
    return String.format(Locale.ROOT, "%.2f %.2f %.2f x", ratios[0], ratios[1], ratios[2]);
  }
}
