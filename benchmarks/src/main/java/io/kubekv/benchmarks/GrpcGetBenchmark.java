package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run grpc-get}: linearizable gets of small values over gRPC by one client and by
 * 64 at once, against etcd v3's linearizable ranges.
 */
final class GrpcGetBenchmark {
  private static final int KEYS = 100;
  private static final double BAR = Target.GRPC_GET_ALONE.limit();

  private GrpcGetBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("grpc-get", arguments, GrpcGetBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    int rounds = quick ? 5 : 11;
    Duration slice = Duration.ofSeconds(quick ? 2 : 4);
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate);
        GrpcLoop<?, ?> ranges = GrpcKeys.gets(etcd, KEYS);
        GrpcLoop<?, ?> gets = GrpcKeys.gets(other, KEYS)) {
      SideBySide comparison = new SideBySide(ranges, gets);
      double median = comparison.run("get, 1 client", 1, rounds, slice).medianRatio();
      double throughput = comparison.run("get, 64 clients", 64, rounds, slice).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "1 client p50 %.2f x, 64 clients throughput %.2f x etcd v3's",
              median,
              throughput);
      return new Check.Verdict(figure, "<= 1.0 x, >= 1.0 x", median <= BAR && throughput >= BAR);
    }
  }
}
