package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run zookeeper}: kubekv's ZooKeeper door on its own disk beside Debian's
 * ZooKeeper 3.8, one server that syncs each commit, both asked by the same program: get, set,
 * create and multi of ten, by 1, 16, 64 and 256 sessions at once; and how long it takes until all
 * who wait for a node have been told of its change.
 */
final class ZooKeeperBenchmark {
  private static final int NODES = 1000;
  private static final int[] SESSIONS = {1, 16, 64, 256};
  private static final int OF_BAR = 2;

  /** There are many loads. */
  private static final PutBenchmark.Form QUICK =
      new PutBenchmark.Form(3, Duration.ofSeconds(1), Duration.ofSeconds(3));

  private static final int WATCHERS = 256;
  private static final int CHANGES = 25;
  private static final double GET_BAR = 1.0;
  private static final double SET_BAR = 0.7;

  private ZooKeeperBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("zookeeper", arguments, ZooKeeperBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    PutBenchmark.Form form = arguments.flag("--quick") ? QUICK : PutBenchmark.Form.of(false);
    arguments.end();
    InetSocketAddress own = FreePorts.next();
    try (StoreProcess zookeeper = StoreProcess.zookeeper();
        StoreProcess kubekv =
            StoreProcess.embedded("--zookeeper-listen", StoreProcess.hostAndPort(own))) {
      Both both = new Both(zookeeper.address(), own, kubekv, form);
      both.fill();
      double[] get = both.ratios("get", both.peerNodes.gets(), both.ownNodes.gets());
      double[] set = both.ratios("set", both.peerNodes.sets(), both.ownNodes.sets());
      double[] create = both.ratios("create", both.peerNodes.creates(), both.ownNodes.creates());
      double[] multi = both.ratios("multi", both.peerNodes.multis(), both.ownNodes.multis());
      double told = both.fanOut();
      String figure =
          "throughput by ZooKeeper's with 1, 16, 64, 256 sessions: get %s, set %s, create %s, multi"
                  .formatted(text(get), text(set), text(create))
              + " %s; %d told of a change in %.2f x".formatted(text(multi), WATCHERS, told);
      return new Check.Verdict(
          figure,
          "of 64 sessions: get >= 1.0 x, set >= 0.7 x",
          get[OF_BAR] >= GET_BAR && set[OF_BAR] >= SET_BAR);
    }
  }

  private static String text(double... ratios) {
    StringBuilder text = new StringBuilder();
    for (double each : ratios) {
      text.append(String.format(Locale.ROOT, "%.2f ", each));
    }
    return text.append('x').toString();
  }

  /** The two. */
  private static final class Both {
    private final InetSocketAddress peer;
    private final InetSocketAddress own;
    private final StoreProcess kubekv;
    private final PutBenchmark.Form form;
    private final ZooKeeperNodes peerNodes = new ZooKeeperNodes(NODES);
    private final ZooKeeperNodes ownNodes = new ZooKeeperNodes(NODES);

    Both(
        InetSocketAddress peer,
        InetSocketAddress own,
        StoreProcess kubekv,
        PutBenchmark.Form form) {
      this.peer = peer;
      this.own = own;
      this.kubekv = kubekv;
      this.form = form;
    }

    void fill() throws IOException {
      try (ZooKeeperClient one = new ZooKeeperClient(peer);
          ZooKeeperClient other = new ZooKeeperClient(own)) {
        peerNodes.fill(one);
        ownNodes.fill(other);
      }
    }

    /** Of the throughput, by how many sessions there are. */
    double[] ratios(String what, ZooKeeperWork peerWork, ZooKeeperWork ownWork) throws IOException {
      Accounted accounted =
          new Accounted(new ZooKeeperLoop("kubekv", own, ownWork), List.of(kubekv.server().pid()));
      SideBySide comparison =
          new SideBySide(new ZooKeeperLoop("zookeeper", peer, peerWork), accounted);
      comparison.warmUp(SESSIONS[OF_BAR], form.warmUp());
      double[] ratios = new double[SESSIONS.length];
      for (int at = 0; at < SESSIONS.length; at++) {
        accounted.restart();
        String load = what + ", " + SESSIONS[at] + (SESSIONS[at] == 1 ? " session" : " sessions");
        ratios[at] =
            comparison.run(load, SESSIONS[at], form.rounds(), form.slice()).throughputRatio();
        Check.say("%s: %.0f us of kubekv's processor time each", load, accounted.microsEach());
      }
      return ratios;
    }

    /** kubekv's median by ZooKeeper's of the time until the last has been told. */
    double fanOut() throws IOException {
      double[] peers = new double[CHANGES];
      double[] owns = new double[CHANGES];
      try (ZooKeeperFanOut one = new ZooKeeperFanOut(peer, WATCHERS);
          ZooKeeperFanOut other = new ZooKeeperFanOut(own, WATCHERS)) {
        for (int i = 0; i < CHANGES; i++) {
          peers[i] = one.once().toNanos() / 1e6;
          owns[i] = other.once().toNanos() / 1e6;
        }
      }
      double theirs = Check.median(peers);
      double ours = Check.median(owns);
      Check.say("%d watchers told: zookeeper %.2f ms, kubekv %.2f ms", WATCHERS, theirs, ours);
      return ours / theirs;
    }
  }
}
