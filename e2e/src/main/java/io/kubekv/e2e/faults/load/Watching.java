package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.History;
import java.time.Duration;
import java.util.List;

/** Two watchers of a prefix, one over etcd v2 and one over gRPC, from now to {@link #finish}. */
public final class Watching {
  private final Pace pace = new Pace();
  private final List<Watcher> watchers;
  private final List<Thread> threads;

  /**
   * @param endpoints where they go, in this order, from the first
   */
  public Watching(String name, String prefix, List<Endpoint> endpoints, History history) {
    watchers =
        List.of(
            new EtcdWatcher(name + "-etcd", prefix, endpoints, 0, history, pace),
            new GrpcWatcher(name + "-grpc", prefix, endpoints, 0, history, pace));
    threads = watchers.stream().map(each -> Thread.ofVirtual().start(each)).toList();
  }

  /** Blocks until both have begun; whether they have in time. */
  public boolean hasBegun(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!watchers.stream().allMatch(Watcher::hasBegun) && System.nanoTime() < deadline) {
      Pace.pause(20);
    }
    return watchers.stream().allMatch(Watcher::hasBegun);
  }

  /** Ends them; the names of those that have not seen a revision in time. */
  public List<String> finish(long revision, Duration within) {
    watchers.forEach(watcher -> watcher.endAt(revision));
    long deadline = System.nanoTime() + within.toNanos();
    while (!watchers.stream().allMatch(Watcher::hasEnded) && System.nanoTime() < deadline) {
      Pace.pause(20);
    }
    pace.end();
    List<String> late =
        watchers.stream().filter(each -> !each.hasEnded()).map(Watcher::name).toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return late;
  }
}
