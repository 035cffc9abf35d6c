package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ReplicaSet;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run forwarding}: one client's linearizable GETs through a replica that does not
 * hold the store's lease, against the same at the one that does.
 */
final class ForwardingBenchmark {
  private static final int KEYS = 100;
  private static final int LEASE_SECONDS = 6;
  private static final double BAR = 3.0;

  private ForwardingBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("forwarding", arguments, ForwardingBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    arguments.end();
    int rounds = quick ? 5 : 15;
    Duration slice = Duration.ofSeconds(quick ? 2 : 4);
    try (ReplicaSet set = ReplicaSet.start(2, LEASE_SECONDS)) {
      StoreProcess holder =
          set.holder(set.replicas()).orElseThrow(() -> new IOException("nobody holds the lease"));
      StoreProcess follower =
          set.replicas().stream().filter(one -> one != holder).findFirst().orElseThrow();
      Keys.fill(follower.address(), KEYS);
      SideBySide.Load gets = (store, random) -> Keys.linearizableGet(store, random.nextInt(KEYS));
      SideBySide reads =
          new SideBySide(
              SideBySide.over("holder", holder, gets), SideBySide.over("other", follower, gets));
      SideBySide writes =
          new SideBySide(
              Proven.etcdV2("holder", holder, KEYS), Proven.etcdV2("other", follower, KEYS));
      double get = compare("get, 1 client", reads, rounds, slice);
      double put = compare("put, 1 client", writes, rounds, slice);
      String figure =
          String.format(Locale.ROOT, "get p50 %.2f x, put p50 %.2f x the holder's", get, put);
      return new Check.Verdict(figure, "get <= 3.0 x", get <= BAR);
    }
  }

  private static double compare(String what, SideBySide comparison, int rounds, Duration slice)
      throws IOException {
    comparison.warmUp(16, slice.multipliedBy(5));
    return comparison.run(what, 1, rounds, slice).medianRatio();
  }
}
