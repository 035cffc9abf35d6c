package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * {@code benchmarks/run keys --kube}: what 1,000,000 keys of 200 bytes on a kube-apiserver cost: in
 * kubekv's memory, in the time of a GET beside a store of 1,000, of a restart, and of a recursive
 * delete of 10,000 of them; and how far the objects that kubectl shows are behind 50 changes a
 * second of another store.
 */
final class KubeKeysBenchmark {
  private static final int FEW = 1000;
  private static final int TREE = 10_000;
  private static final double GET_BAR = 1.5;
  private static final double BYTES_BAR = Target.KEY_BYTES.limit();
  private static final double RESTART_BAR = 20;
  private static final double DELETE_BAR = 1;
  private static final double LAG_BAR = 1;

  /** Fewer changes a second than nearly fifty show nothing about the view. */
  private static final double PACE_BAR = 48;

  private KubeKeysBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("keys --kube", arguments, KubeKeysBenchmark::run);
  }

  private record Figures(
      double bytesEach, double getRatio, double restart, double delete, ViewLag.Figures view) {
    boolean hold() {
      return bytesEach <= BYTES_BAR
          && getRatio <= GET_BAR
          && restart <= RESTART_BAR
          && delete <= DELETE_BAR
          && lag() <= LAG_BAR
          && view.perSecond() >= PACE_BAR;
    }

    private double lag() {
      return view.longest().toNanos() / 1e9;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.0f bytes of live heap a key, GET p50 %.2f x that with %d keys, restarted in %.1f s,"
              + " %d keys deleted in %.2f s, view %.2f s behind at %.0f changes a second",
          bytesEach,
          getRatio,
          FEW,
          restart,
          TREE,
          delete,
          lag(),
          view.perSecond());
    }
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int many = arguments.count("--keys", quick ? 50_000 : 1_000_000);
    arguments.end();
    // no more of past states than a mebibyte, so that the keys are what is counted
    String[] flags = {"--history-bytes", "1MiB", "--max-entries", Integer.toString(2 * many)};
    try (StoreProcess small = StoreProcess.kubekv(flags);
        StoreProcess large = StoreProcess.kubekv(flags)) {
      Keys.fill(small.address(), FEW);
      ViewLag.Figures view = ViewLag.of(small, Duration.ofSeconds(quick ? 10 : 60));
      ClosedLoop.Result filled = Keys.fill(large.address(), many);
      Check.say(
          "%d keys written by 64 clients in %.1f s, %.0f/s",
          many, filled.took().toNanos() / 1e9, filled.perSecond());
      double bytesEach =
          (double) (ServerHeap.liveBytes(large) - ServerHeap.liveBytes(small)) / (many - FEW);
      double delete = deleted(large.address(), many).toNanos() / 1e9;
      large.terminate();
      double restart = large.startAgain().toNanos() / 1e9;
      present(large.address(), many);
      Figures figures =
          new Figures(bytesEach, getRatio(small, large, many, quick), restart, delete, view);
      return new Check.Verdict(
          figures.toString(),
          "<= 1200 bytes, <= 1.5 x, <= 20 s, <= 1 s, <= 1 s at 50/s",
          figures.hold());
    }
  }

  private static double getRatio(StoreProcess small, StoreProcess large, int many, boolean quick)
      throws IOException {
    SideBySide comparison =
        new SideBySide(
            SideBySide.over("few", small, (store, random) -> get(store, random.nextInt(FEW))),
            SideBySide.over("many", large, (store, random) -> get(store, random.nextInt(many))));
    String what = "get, 1 client, " + FEW + " and " + many + " keys";
    return comparison.run(what, 1, 5, Duration.ofSeconds(quick ? 2 : 10)).medianRatio();
  }

  private static byte[] get(InetSocketAddress store, int key) {
    return Keys.linearizableGet(store, key);
  }

  /** Writes a directory and deletes it; how long the delete took. It must be one change. */
  private static Duration deleted(InetSocketAddress store, int many) throws IOException {
    String directory = "/v2/keys/benchmark-tree";
    Keys.fill(store, TREE, key -> directory + "/k" + key);
    try (HttpConnection connection = HttpConnection.open(store)) {
      long before = index(answer(connection, "GET", Keys.path(many - 1), store));
      long begun = System.nanoTime();
      HttpAnswer gone = answer(connection, "DELETE", directory + "?recursive=true", store);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      if (index(gone) != before + 1) {
        throw new IOException(
            "the delete of a directory moved the index from " + before + " to " + index(gone));
      }
      return took;
    }
  }

  /** All are there: the last of each thousand is asked for. */
  private static void present(InetSocketAddress store, int many) throws IOException {
    try (HttpConnection connection = HttpConnection.open(store)) {
      for (int key = 999; key < many; key += 1000) {
        answer(connection, "GET", Keys.path(key), store);
      }
    }
  }

  private static long index(HttpAnswer answer) {
    return Long.parseLong(answer.header("X-Etcd-Index").orElseThrow());
  }

  private static HttpAnswer answer(
      HttpConnection connection, String method, String path, InetSocketAddress store)
      throws IOException {
    HttpAnswer answer =
        connection.exchange(HttpConnection.request(method, path, store, Map.of(), ""));
    if (answer.status() != 200) {
      throw new IOException(
          method + " " + path + " was answered " + answer.status() + ": " + answer.body().strip());
    }
    return answer;
  }
}
