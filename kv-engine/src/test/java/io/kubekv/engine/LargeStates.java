package io.kubekv.engine;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * Not a test: how much memory keys with values of 200 bytes take, how long a large change takes,
 * and how long it takes to open from the snapshot of a large store. Run it with the test classes.
 */
final class LargeStates {
  private static final int VALUE_BYTES = 200;
  private static final int TREE = 10_000;
  private static final int ROUNDS = 5;

  private final Random random = new Random(1);

  private LargeStates() {}

  /** The argument is the number of keys; 1,000,000 without. */
  public static void main(String[] arguments) throws Exception {
    int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    new LargeStates().run(keys);
  }

  private void run(int keys) throws Exception {
    EngineSettings settings = EngineSettings.DEFAULT.withHistoryBytes(1);
    try (EngineStore store = EngineStore.inMemory(settings)) {
      long before = usedBytes();
      for (int i = 0; i < keys; i++) {
        Await.change(
            store.put(
                PutRequest.of(Key.of("docker/network/v1.0/endpoint/%08d".formatted(i)), value())));
      }
      System.out.printf(
          "%d keys of %d bytes: %d bytes of memory each%n",
          keys, VALUE_BYTES, (usedBytes() - before) / keys);
      reopen(store.root());
    }
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT)) {
      for (int round = 0; round < ROUNDS; round++) {
        changeMuch(store);
      }
    }
  }

  private void changeMuch(EngineStore store) throws Exception {
    for (int i = 0; i < TREE; i++) {
      Await.change(store.put(PutRequest.of(Key.of("tree/%05d".formatted(i)), value())));
    }
    long before = store.root().position();
    RangeDeleted deleted =
        timed(
            "recursive delete",
            () -> Await.change(store.deleteRange(new Range.WithPrefix(new Prefix("tree/")))));
    System.out.printf(
        "  %d keys, %d entries of the log%n", deleted.count(), store.root().position() - before);
    List<TransactionOperation> puts = new ArrayList<>();
    IntStream.range(0, TransactionRequest.MAX_OPERATIONS)
        .forEach(
            i -> puts.add(new TransactionOperation.Put(PutRequest.of(Key.of("t" + i), value()))));
    TransactionRequest request = TransactionRequest.of(puts.toArray(TransactionOperation[]::new));
    timed("transaction of " + puts.size() + " puts", () -> Await.change(store.transact(request)));
  }

  private static void reopen(Root root) throws Exception {
    Snapshot snapshot = timed("writing the snapshot", () -> Snapshot.of(root));
    long bytes = snapshot.chunks().values().stream().mapToLong(Bytes::size).sum();
    System.out.printf("  %d bytes in %d chunks%n", bytes, snapshot.chunks().size());
    long before = usedBytes();
    Root read = timed("opening from it", () -> read(snapshot));
    System.out.printf(
        "  %d bytes of memory each%n", (usedBytes() - before) / read.state().contents().size());
  }

  private static Root read(Snapshot snapshot) throws IOException {
    return Snapshot.read(
        snapshot.manifest(), name -> snapshot.chunks().getOrDefault(name, Bytes.EMPTY));
  }

  private static <T> T timed(String what, Callable<T> work) throws Exception {
    long began = System.nanoTime();
    T result = work.call();
    System.out.printf("%s: %s%n", what, Duration.ofNanos(System.nanoTime() - began));
    return result;
  }

  private Bytes value() {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    return Bytes.copyOf(value);
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
