package io.kubekv.engine;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.memory.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
        measure("InMemoryStore", threads, InMemoryStore::open);
        measure("engine in memory", threads, () -> EngineStore.inMemory(EngineSettings.DEFAULT));
        measure("engine, 1.5 ms a log entry", threads, () -> overALog(later));
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
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%-28s %4d threads %9.0f puts/s %7.1f us of processor time each%n",
          name,
          threads,
          puts.sum() / seconds,
          (processorNanos() - processorBefore) / 1e3 / puts.sum());
    }
  }

  private static void put(KeyValueStore store, int number, long end, LongAdder puts) {
    Bytes value = Bytes.copyOf(new byte[200]);
    for (int i = number; System.nanoTime() < end; i += 257) {
      store.put(PutRequest.of(Key.of("bench/" + i % KEYS), value));
      puts.increment();
    }
  }
}
