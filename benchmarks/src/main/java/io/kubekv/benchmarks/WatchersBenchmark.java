package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.process.ResidentMemory;
import io.kubekv.e2e.process.ServerGauges;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run watchers}: 10,000 waiting watches on one key, held by another process:
 * their memory, their waking, their end. {@link ConsulWatchersBenchmark} is the same with blocking
 * queries of Consul; with {@code --replicas} it is {@link ReplicaWatchers}.
 */
final class WatchersBenchmark {
  private static final double HEAP_BAR_KIB = Target.WATCHER_KIB.limit();
  private static final double SECONDS_BAR = Target.WOKEN_MILLIS.limit() / 1000;

  private final StoreProcess store;
  private final HolderProcess holder;
  private final ServerGauges gauges;
  private final int watchers;
  private final List<String> shortcomings = new ArrayList<>();

  private WatchersBenchmark(StoreProcess store, HolderProcess holder, int watchers) {
    this.store = store;
    this.holder = holder;
    this.gauges = new ServerGauges(store);
    this.watchers = watchers;
  }

  public static void main(String[] arguments) {
    Check.run("watchers", arguments, WatchersBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    int replicas = arguments.count("--replicas", 1);
    if (replicas > 1) {
      return ReplicaWatchers.measure(arguments, replicas);
    }
    try (StoreProcess store = StoreProcess.kubekv()) {
      return measure(arguments, store, store.address(), Watching.ETCD);
    }
  }

  /**
   * @param door where the store speaks the protocol of the watches
   */
  static Check.Verdict measure(
      Arguments arguments, StoreProcess store, InetSocketAddress door, Watching watching)
      throws IOException {
    boolean quick = arguments.flag("--quick");
    int watchers = arguments.count("--watchers", 10_000);
    arguments.end();
    try (HolderProcess holder = HolderProcess.against(door, watching)) {
      return new WatchersBenchmark(store, holder, watchers).measure(quick ? 1 : 3);
    }
  }

  private Check.Verdict measure(int times) throws IOException {
    // so that classes, pools and buffers that stay are not charged to the watchers
    holder.ask("open " + watchers / 10);
    awaitWatchers(watchers / 10);
    holder.ask("change");
    awaitWatchers(0);
    double heap = 0;
    double woken = 0;
    double freed = 0;
    for (int time = 0; time < times; time++) {
      heap = Math.max(heap, heapPerWatcher());
      woken = Math.max(woken, wake());
      awaitWatchers(0);
      holder.ask("open " + watchers);
      awaitWatchers(watchers);
      freed = Math.max(freed, free());
    }
    judge("heap", heap, HEAP_BAR_KIB);
    judge("waking", woken, SECONDS_BAR);
    judge("freeing", freed, SECONDS_BAR);
    String figure =
        String.format(
            Locale.ROOT,
            "%d watchers, %.1f KiB heap each, woken in %.2f s, freed in %.2f s",
            watchers,
            heap,
            woken,
            freed);
    return new Check.Verdict(
        figure, "<= 12 KiB, <= 1 s, <= 1 s, one upstream watch", shortcomings.isEmpty());
  }

  private void judge(String what, double figure, double bar) {
    if (figure > bar) {
      shortcomings.add(what);
    }
  }

  /** Opens them all and leaves them waiting. */
  private double heapPerWatcher() throws IOException {
    long before = ServerHeap.liveBytes(store);
    long begun = System.nanoTime();
    holder.ask("open " + watchers);
    awaitWatchers(watchers);
    double opening = seconds(begun);
    long after = ServerHeap.liveBytes(store);
    double upstream = gauges.value("kubekv_store_watches");
    if (upstream != 1) {
      shortcomings.add("upstream watches");
    }
    double each = (after - before) / 1024.0 / watchers;
    Check.say(
        "%d watchers opened in %.1f s; live heap %.1f MiB before, %.1f MiB with them: %.1f KiB"
            + " each; %.0f MiB resident; upstream watches: %.0f",
        watchers,
        opening,
        before / 1048576.0,
        after / 1048576.0,
        each,
        ResidentMemory.mebibytes(store),
        upstream);
    return each;
  }

  private double wake() throws IOException {
    String[] answer = holder.ask("change").split(" ");
    double seconds = Long.parseLong(answer[3]) / 1e9;
    Check.say("all woken %.3f s after the change was sent; missed: %s", seconds, answer[1]);
    if (!answer[1].equals("0")) {
      shortcomings.add("missed events");
    }
    return seconds;
  }

  private double free() throws IOException {
    holder.ask("hangup");
    long begun = System.nanoTime();
    awaitWatchers(0);
    double seconds = seconds(begun);
    Check.say(
        "all freed %.3f s after the last hung up; live heap %.1f MiB",
        seconds, ServerHeap.liveBytes(store) / 1048576.0);
    return seconds;
  }

  private void awaitWatchers(int count) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (gauges.value("kubekv_watchers") != count) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "kubekv_watchers is "
                + gauges.value("kubekv_watchers")
                + " after 30 s, expected "
                + count);
      }
      Waiting.pause(Duration.ofMillis(10));
    }
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }
}
