package io.kubekv.engine;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Not a test: how many puts of 200 bytes a second, by threads that each wait for their answer, and
 * how much processor time each takes. Run it with the test classes, in one run beside the store in
 * memory that it is compared with.
 */
final class PutSpeed {
  private static final int KEYS = 10_000;
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int ROUNDS = 3;

  private PutSpeed() {}

  public static void main(String[] arguments) throws InterruptedException {
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    for (int round = 0; round < ROUNDS; round++) {
      for (int threads : new int[] {1, 64, 256}) {
        measure("engine in memory", threads, EngineStore::inMemory);
        measure("engine, 1.5 ms a log entry", threads, () -> overALog(later));
      }
      for (int callers : new int[] {1, 64, 256}) {
        measureLoop("engine in memory", callers, EngineStore::inMemory);
        measureLoop("engine, 1.5 ms a log entry", callers, () -> overALog(later));
      }
    }
    later.shutdownNow();
  }

  private static EngineStore overALog(ScheduledExecutorService later) {
    MemoryLog.Link slow =
        new PlainLink() {
          @Override
          public void carry(Runnable message) {
            var unused = later.schedule(message, 750, TimeUnit.MICROSECONDS);
          }
        };
    return EngineStore.open(
        new MemoryLog().client(slow),
        new TestLease(true),
        EngineSettings.DEFAULT.withLogRate(ByteRate.UNLIMITED));
  }

  private static long processorNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void report(
      String name, int number, String callers, long puts, long nanos, long processor) {
    System.out.printf(
        "%-28s %4d %-17s %9.0f puts/s %7.1f us of processor time each%n",
        name, number, callers, puts / (nanos / 1e9), processor / 1e3 / puts);
  }

  private static void measure(String name, int threads, Supplier<KeyValueStore> opens)
      throws InterruptedException {
    LongAdder puts = new LongAdder();
    try (KeyValueStore store = opens.get()) {
      long end = System.nanoTime() + SLICE_NANOS;
      long processorBefore = processorNanos();
      long began = System.nanoTime();
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        all.add(Thread.ofPlatform().start(() -> put(store, number, end, puts)));
      }
      for (Thread thread : all) {
        thread.join();
      }
      report(
          name,
          threads,
          "threads",
          puts.sum(),
          System.nanoTime() - began,
          processorNanos() - processorBefore);
    }
  }

  /**
   * Callers as the doors have them: one event loop, which goes on with each when it is answered.
   */
  private static void measureLoop(String name, int callers, Supplier<KeyValueStore> opens)
      throws InterruptedException {
    LongAdder puts = new LongAdder();
    Bytes value = Bytes.copyOf(new byte[200]);
    ThreadPoolExecutor loop =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    CountDownLatch done = new CountDownLatch(callers);
    try (KeyValueStore store = opens.get()) {
      long end = System.nanoTime() + SLICE_NANOS;
      long processorBefore = processorNanos();
      long began = System.nanoTime();
      for (int i = 0; i < callers; i++) {
        new Caller(store, loop, value, end, puts, done, i).later();
      }
      done.await();
      report(
          name,
          callers,
          "callers of a loop",
          puts.sum(),
          System.nanoTime() - began,
          processorNanos() - processorBefore);
    }
    loop.shutdown();
  }

  private static final class Caller {
    private final KeyValueStore store;
    private final ThreadPoolExecutor loop;
    private final Bytes value;
    private final long end;
    private final LongAdder puts;
    private final CountDownLatch done;
    private int i;

    Caller(
        KeyValueStore store,
        ThreadPoolExecutor loop,
        Bytes value,
        long end,
        LongAdder puts,
        CountDownLatch done,
        int number) {
      this.store = store;
      this.loop = loop;
      this.value = value;
      this.end = end;
      this.puts = puts;
      this.done = done;
      this.i = number;
    }

    void later() {
      loop.execute(this::next);
    }

    private void next() {
      if (System.nanoTime() >= end) {
        done.countDown();
        return;
      }
      i += 257;
      var answer = store.put(PutRequest.of(Key.of("bench/" + i % KEYS), value));
      puts.increment();
      if (answer.isDone()) {
        later();
      } else {
        var unused = answer.thenRunAsync(this::next, loop);
      }
    }
  }

  private static void put(KeyValueStore store, int number, long end, LongAdder puts) {
    Bytes value = Bytes.copyOf(new byte[200]);
    for (int i = number; System.nanoTime() < end; i += 257) {
      Await.change(store.put(PutRequest.of(Key.of("bench/" + i % KEYS), value)));
      puts.increment();
    }
  }
}
