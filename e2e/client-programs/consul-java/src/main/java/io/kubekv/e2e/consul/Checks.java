package io.kubekv.e2e.consul;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the scenarios share: comparing, telling an answer in few words, and time. */
final class Checks {
  static final String NO_SESSION = "11111111-2222-3333-4444-555555555555";
  static final String NO_ID = "500 failed session lookup: index error: UUID must be 36 characters";

  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private final Client client;

  Checks(Client client) {
    this.client = client;
  }

  void check(String name, Object actual, Object expected) {
    if (Objects.equals(actual, expected)) {
      System.out.println("ok " + client.name() + " " + name);
    } else {
      System.out.println("not ok " + client.name() + " " + name + "\n    expected " + expected + "\n    found    " + actual);
    }
  }

  /** Status and text of a refusal, or what came instead. */
  String refusal(Supplier<Object> call) {
    try {
      return "not refused: " + call.get();
    } catch (RuntimeException e) {
      return client.refusal(e);
    }
  }

  String refusal(Runnable call) {
    return refusal(
        () -> {
          call.run();
          return "done";
        });
  }

  String key(String name) {
    return client.name() + "/" + name;
  }

  String tell(Optional<Entry> entry) {
    return entry.map(this::tell).orElse("nothing");
  }

  String tell(Entry entry) {
    return entry.tell(client.name() + "/");
  }

  /** The entry of a key, told. */
  String get(String key) {
    return tell(client.get(key, Query.PLAIN).value());
  }

  boolean put(String key, String value, Put put) {
    return client.put(key, value.getBytes(StandardCharsets.UTF_8), put);
  }

  boolean put(String key, String value) {
    return put(key, value, Put.PLAIN);
  }

  /** Asks until it is so, at most ten seconds; the milliseconds since a moment at which it was. */
  static long until(long since, BooleanSupplier condition) throws InterruptedException {
    while (millisecondsSince(since) < 10_000 && !condition.getAsBoolean()) {
      Thread.sleep(25);
    }
    return millisecondsSince(since);
  }

  static long millisecondsSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }

  /** Within these milliseconds, with a second's leave for a busy machine: "in time", or what it was. */
  static String between(long least, long milliseconds, long most) {
    return milliseconds >= least && milliseconds <= most + 1000 ? "in time" : milliseconds + " ms";
  }

  /** A call beside the rest. */
  static <T> CompletableFuture<T> beside(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, THREADS);
  }
}
