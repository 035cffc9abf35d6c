package io.kubekv.transport.limits;

import java.time.Duration;

/**
 * What each client may take. Whatever comes in bursts is delayed rather than refused, because
 * clients of etcd v2 ask again at once, and elsewhere, when they are refused.
 *
 * @param requestsPerSecond in the long run; 0 for no limit
 * @param burst how many requests may come at once after a quiet time; 1 or more
 * @param bytesPerSecond of requests and answers, in the long run; 0 for no limit. Events of watches
 *     do not count: it is not their client that makes them
 * @param requestsInFlight that are being answered at the same time; more wait for their turn
 * @param watches open at the same time: watches, blocking queries, locks, lists over gRPC
 * @param sessions that it has created here and that still exist
 * @param patience how long a request waits for its turn before it is refused
 */
public record ClientLimits(
    long requestsPerSecond,
    long burst,
    long bytesPerSecond,
    int requestsInFlight,
    int watches,
    int sessions,
    Duration patience) {
  /** Room for a host with ten thousand watches, and no limit on rates. */
  public static final ClientLimits DEFAULT =
      new ClientLimits(0, 1000, 0, 512, 12_000, 100_000, Duration.ofSeconds(5));

  public ClientLimits {
    if (requestsPerSecond < 0 || bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate is negative");
    }
    if (burst < 1 || requestsInFlight < 1 || watches < 1 || sessions < 1) {
      throw new IllegalArgumentException("a client's limit is below 1");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("a client's patience is negative");
    }
  }
}
