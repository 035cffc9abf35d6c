package io.kubekv.transport.tls;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to a door that ended before anything could be asked on them: by a TLS handshake that
 * failed, another protocol, or a look whether the port is open. All are counted; the log has one
 * line a minute at most, whatever clients do. Thread-safe.
 */
public final class FailedHandshakes {
  private static final Logger log = LoggerFactory.getLogger(FailedHandshakes.class);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int LONGEST_REASON = 200;

  private final String door;
  private final LongSupplier nanoTime;
  private long count;
  private long logged;
  private long loggedAt;

  /**
   * @param door what the log calls it
   */
  public FailedHandshakes(String door) {
    this(door, System::nanoTime);
  }

  FailedHandshakes(String door, LongSupplier nanoTime) {
    this.door = door;
    this.nanoTime = nanoTime;
  }

  /** One has ended so. */
  public synchronized void add(String why) {
    count++;
    long now = nanoTime.getAsLong();
    if (logged == 0 || now - loggedAt >= QUIET.toNanos()) {
      log.info(
          "{} connections to the {} door ended before their first request (a port check, a failed"
              + " TLS handshake or another protocol), counted since the last such line; the"
              + " latest: {}",
          count - logged,
          door,
          why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON) + "...");
      logged = count;
      loggedAt = now;
    }
  }

  /** How many there were. */
  public synchronized long count() {
    return count;
  }
}
