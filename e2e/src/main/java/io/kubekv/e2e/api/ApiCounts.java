package io.kubekv.e2e.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** What went through the proxy so far. Thread-safe; two readings have the difference between. */
public final class ApiCounts {
  private final Map<ApiCall, Sums> sums = new ConcurrentHashMap<>();
  private final AtomicInteger watches = new AtomicInteger();

  /**
   * A reading.
   *
   * @param calls by kind of call
   * @param bytes of bodies, both ways, by kind of call
   */
  public record Reading(Map<ApiCall, Long> calls, Map<ApiCall, Long> bytes) {

    /** What came since an earlier reading. */
    public Reading since(Reading earlier) {
      return new Reading(difference(calls, earlier.calls), difference(bytes, earlier.bytes));
    }

    public long calls(Predicate<ApiCall> which) {
      return sum(calls, which);
    }

    public long bytes(Predicate<ApiCall> which) {
      return sum(bytes, which);
    }

    private static long sum(Map<ApiCall, Long> values, Predicate<ApiCall> which) {
      return values.entrySet().stream()
          .filter(entry -> which.test(entry.getKey()))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    private static Map<ApiCall, Long> difference(
        Map<ApiCall, Long> now, Map<ApiCall, Long> earlier) {
      Map<ApiCall, Long> result = new ConcurrentHashMap<>();
      now.forEach(
          (call, value) -> {
            long left = value - earlier.getOrDefault(call, 0L);
            if (left != 0) {
              result.put(call, left);
            }
          });
      return result;
    }

    /** Such as {@code UPDATE keyvalues 3, UPDATE leases 1}; {@code none}. */
    @Override
    public String toString() {
      Map<String, Long> sorted = new TreeMap<>();
      calls.forEach((call, count) -> sorted.put(call.toString(), count));
      return sorted.isEmpty()
          ? "none"
          : String.join(
              ", ", sorted.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    }
  }

  public Reading read() {
    Map<ApiCall, Long> calls = new ConcurrentHashMap<>();
    Map<ApiCall, Long> bytes = new ConcurrentHashMap<>();
    sums.forEach(
        (call, sum) -> {
          calls.put(call, sum.calls.sum());
          bytes.put(call, sum.bytes.sum());
        });
    return new Reading(calls, bytes);
  }

  /**
   * Watches that are open now, as far as the proxy knows: one that is gone shows at its next event.
   */
  public int openWatches() {
    return watches.get();
  }

  void called(ApiCall call) {
    sums(call).calls.increment();
  }

  void carried(ApiCall call, long bytes) {
    sums(call).bytes.add(bytes);
  }

  void watchOpened() {
    watches.incrementAndGet();
  }

  void watchClosed() {
    watches.decrementAndGet();
  }

  private Sums sums(ApiCall call) {
    return sums.computeIfAbsent(call, unknown -> new Sums());
  }

  private static final class Sums {
    final LongAdder calls = new LongAdder();
    final LongAdder bytes = new LongAdder();
  }
}
