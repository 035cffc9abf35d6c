package io.kubekv.benchmarks;

import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The keys of the benchmarks: numbered, a thousand to a directory, with values of 200 bytes. */
final class Keys {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  static final String VALUE = "value=" + "0123456789".repeat(20);

  private Keys() {}

  static byte[] linearizableGet(InetSocketAddress store, int key) {
    return HttpConnection.request("GET", path(key) + "?quorum=true", store, Map.of(), "");
  }

  static byte[] put(InetSocketAddress store, int key) {
    return put(store, path(key));
  }

  private static byte[] put(InetSocketAddress store, String path) {
    return HttpConnection.request("PUT", path, store, FORM, VALUE);
  }

  /** Writes keys 0 to {@code count - 1} with many clients at once. */
  static ClosedLoop.Result fill(InetSocketAddress store, int count) throws IOException {
    return fill(store, count, Keys::path);
  }

  /** The same under other names. */
  static ClosedLoop.Result fill(InetSocketAddress store, int count, IntFunction<String> paths)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    return ClosedLoop.run(
        store,
        Math.min(64, count),
        client ->
            () -> {
              int key = next.getAndIncrement();
              return key < count ? Optional.of(put(store, paths.apply(key))) : Optional.empty();
            });
  }

  static String path(int key) {
    return "/v2/keys/" + name(key);
  }

  static String name(int key) {
    return "benchmark/d" + key / 1000 + "/k" + key;
  }
}
