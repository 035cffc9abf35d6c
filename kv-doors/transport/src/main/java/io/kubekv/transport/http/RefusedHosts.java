package io.kubekv.transport.http;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that were refused for the name by which they called the server. The log has one line a
 * minute at most, whatever clients do. Thread-safe.
 */
final class RefusedHosts {
  private static final Logger log = LoggerFactory.getLogger(RefusedHosts.class);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int LONGEST_NAME = 255;

  private final LongSupplier nanoTime;
  private long sinceLine;
  private long loggedAt;
  private boolean logged;

  RefusedHosts() {
    this(System::nanoTime);
  }

  RefusedHosts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** One has called the server by this name. */
  synchronized void add(String name) {
    sinceLine++;
    long now = nanoTime.getAsLong();
    if (!logged || now - loggedAt >= QUIET.toNanos()) {
      log.warn(
          "{} requests were refused with 421, because the server is not known by the name in their"
              + " Host, the latest by '{}': if that is its name, start it with --host-whitelist",
          sinceLine,
          name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...");
      logged = true;
      loggedAt = now;
      sinceLine = 0;
    }
  }
}
