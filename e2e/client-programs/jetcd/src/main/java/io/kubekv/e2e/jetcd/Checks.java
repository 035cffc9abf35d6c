package io.kubekv.e2e.jetcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the parts share: comparing, telling answers in few words, and time. */
final class Checks {
  private final boolean kubekv;

  Checks(boolean kubekv) {
    this.kubekv = kubekv;
  }

  void check(String name, Object found, Object expected) {
    if (Objects.equals(found, expected)) {
      System.out.println("ok jetcd " + name);
    } else {
      System.out.println(
          "not ok jetcd " + name + "\n    expected " + expected + "\n    found    " + found);
    }
  }

  /** Where kubekv is known to answer otherwise. */
  void differ(String name, Object found, Object expected, Object ofKubekv, String reason) {
    if (kubekv && Objects.equals(found, ofKubekv)) {
      System.out.println("differs jetcd " + name + ": " + reason);
    } else {
      check(name, found, kubekv ? ofKubekv : expected);
    }
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  static String text(ByteSequence bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static String tell(List<KeyValue> entries) {
    return entries.stream().map(Checks::tell).collect(Collectors.joining(" "));
  }

  static String tell(KeyValue entry) {
    String value = text(entry.getValue());
    return text(entry.getKey()) + (value.isEmpty() ? "" : "=" + value);
  }

  static <T> T get(CompletableFuture<T> answer) throws Exception {
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Code and text of a refusal, or what came instead. */
  static String refusal(Supplier<CompletableFuture<?>> call) throws Exception {
    try {
      return "not refused: " + get(call.get());
    } catch (Exception e) {
      return refusal(e);
    }
  }

  static String refusal(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof StatusRuntimeException refused) {
        return refused.getStatus().getCode() + " " + refused.getStatus().getDescription();
      }
    }
    return thrown instanceof EtcdException refused
        ? refused.getErrorCode() + " " + refused.getMessage()
        : thrown.toString();
  }

  /** The next of a queue, or null after ten seconds. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return queue.poll(10, TimeUnit.SECONDS);
  }

  /** Whether it is still open after half a second. */
  static boolean waits(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(500, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    }
  }
}
