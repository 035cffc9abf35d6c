package io.kubekv.transport.requests;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What one request is called in the log, in the audit log and at other replicas: what its client
 * calls it, in {@code X-Request-Id} or a trace's {@code traceparent}, otherwise a number of ours.
 * Answers do not bear it: those of etcd and Consul have no such header. Thread-safe.
 */
public final class RequestIds {
  /** The header, and the metadata of gRPC, in which clients and other replicas say one. */
  public static final String HEADER = "x-request-id";

  /** The header of W3C's trace context. */
  public static final String TRACE = "traceparent";

  /** Under which name the log has the current request's. */
  static final String LOGGED = "request";

  private static final int LONGEST = 64;
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

  /** Tells processes apart; nobody needs it to be a secret. */
  private static final String PROCESS =
      Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36) + "-";

  private static final AtomicLong LAST = new AtomicLong();

  private RequestIds() {}

  /**
   * The id of a request.
   *
   * @param given what it says itself; taken if it is up to 64 letters, digits, dots, hyphens and
   *     underscores, and otherwise as if it were not there
   * @param trace of which trace it is a part, taken next
   */
  public static String of(@Nullable String given, @Nullable String trace) {
    if (given != null && isFit(given)) {
      return given;
    }
    if (trace != null) {
      var match = TRACEPARENT.matcher(trace);
      if (match.matches()) {
        return match.group(1);
      }
    }
    return PROCESS + Long.toString(LAST.incrementAndGet(), 36);
  }

  private static boolean isFit(String given) {
    if (given.isEmpty() || given.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      boolean fit =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_'
              || c == '.';
      if (!fit) {
        return false;
      }
    }
    return true;
  }

  /** The request that this thread works on, if any. */
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(LOGGED));
  }

  /** The {@code traceparent} for what this thread asks of others, if its request is followed. */
  public static Optional<String> currentTrace() {
    return Optional.ofNullable(MDC.get(TRACE));
  }

  /** Works on a request that nobody follows, on this thread. */
  public static void within(String id, Runnable work) {
    within(id, null, work);
  }

  /**
   * Works on a request, on this thread.
   *
   * @param trace the {@code traceparent} for what is asked of others; null where nobody follows
   */
  public static void within(String id, @Nullable String trace, Runnable work) {
    String before = MDC.get(LOGGED);
    String traceBefore = trace == null ? null : MDC.get(TRACE);
    MDC.put(LOGGED, id);
    if (trace != null) {
      MDC.put(TRACE, trace);
    }
    try {
      work.run();
    } finally {
      restore(LOGGED, before);
      if (trace != null) {
        restore(TRACE, traceBefore);
      }
    }
  }

  private static void restore(String name, @Nullable String before) {
    if (before == null) {
      MDC.remove(name);
    } else {
      MDC.put(name, before);
    }
  }
}
