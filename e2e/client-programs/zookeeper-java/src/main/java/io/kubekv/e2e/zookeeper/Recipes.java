package io.kubekv.e2e.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;

/** Curator's mutex and its election. */
final class Recipes {
  private static final String ROOT = CuratorProgram.ROOT + "/recipes";
  private static final int ROUNDS = 20;
  private static final int PATIENCE_SECONDS = 20;

  private final CuratorFramework client;
  private final CuratorFramework other;
  private final Checks checks;

  Recipes(CuratorFramework client, CuratorFramework other, Checks checks) {
    this.client = client;
    this.other = other;
    this.checks = checks;
  }

  void run() throws Exception {
    mutex();
    contenders();
    election();
  }

  private void mutex() throws Exception {
    InterProcessMutex one = new InterProcessMutex(client, ROOT + "/mutex");
    InterProcessMutex two = new InterProcessMutex(other, ROOT + "/mutex");
    checks.check("mutex: taken", one.acquire(PATIENCE_SECONDS, TimeUnit.SECONDS), true);
    checks.check("mutex: taken again by its holder", one.acquire(1, TimeUnit.SECONDS), true);
    checks.check("mutex: kept from another", two.acquire(300, TimeUnit.MILLISECONDS), false);
    one.release();
    checks.check("mutex: kept until the last release", two.acquire(300, TimeUnit.MILLISECONDS), false);
    one.release();
    checks.check("mutex: free", two.acquire(PATIENCE_SECONDS, TimeUnit.SECONDS), true);
    two.release();
  }

  private void contenders() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger together = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        InterProcessMutex mutex = new InterProcessMutex(i % 2 == 0 ? client : other, ROOT + "/m");
        all.add(threads.submit(() -> takeTurns(mutex, inside, together)));
      }
      for (Future<?> each : all) {
        checks.check("mutex: turns of a contender", each.get(), ROUNDS);
      }
    }
    checks.check("mutex: never two inside", together.get(), 0);
  }

  private static int takeTurns(InterProcessMutex mutex, AtomicInteger inside, AtomicInteger together)
      throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      mutex.acquire();
      if (inside.incrementAndGet() != 1) {
        together.incrementAndGet();
      }
      inside.decrementAndGet();
      mutex.release();
    }
    return ROUNDS;
  }

  private void election() throws Exception {
    LeaderLatch first = new LeaderLatch(client, ROOT + "/leader", "first");
    LeaderLatch second = new LeaderLatch(other, ROOT + "/leader", "second");
    first.start();
    checks.check("latch: the first leads", first.await(PATIENCE_SECONDS, TimeUnit.SECONDS), true);
    second.start();
    checks.check("latch: the second waits", second.await(300, TimeUnit.MILLISECONDS), false);
    checks.check("latch: who leads", second.getLeader().getId(), "first");
    checks.check("latch: who takes part", second.getParticipants().size(), 2);
    first.close();
    checks.check("latch: the second leads", second.await(PATIENCE_SECONDS, TimeUnit.SECONDS), true);
    second.close();
  }
}
