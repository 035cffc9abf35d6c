package io.kubekv.replica;

import io.kubekv.transport.tls.Certificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How replicas deal with each other.
 *
 * @param patience how long a call may wait for a holder of the lease
 * @param heartbeat how often the holder says at least that it is there
 * @param tick how often a follower looks whether it still follows the right one
 * @param tls what is shown to the holder and asked of it; absent: plain text
 * @param token a file with the bearer token that is shown to the holder, if any
 */
public record ReplicaSettings(
    Duration patience,
    Duration heartbeat,
    Duration tick,
    Optional<Certificates> tls,
    Optional<Path> token) {
  /** Half a second between heartbeats, fifty milliseconds between looks. */
  public static ReplicaSettings withPatience(Duration patience) {
    return new ReplicaSettings(
        patience,
        Duration.ofMillis(500),
        Duration.ofMillis(50),
        Optional.empty(),
        Optional.empty());
  }

  /** Absent: plain text. */
  public ReplicaSettings withTls(Optional<Certificates> newTls) {
    return new ReplicaSettings(patience, heartbeat, tick, newTls, token);
  }

  /** Absent: the certificate alone says who this is. */
  public ReplicaSettings withToken(Optional<Path> newToken) {
    return new ReplicaSettings(patience, heartbeat, tick, tls, newToken);
  }

  /** After how long a silence a follower no longer counts as up to date. */
  Duration fresh() {
    return heartbeat.multipliedBy(4);
  }

  /** How long a forwarded call may take: the holder's own patience and the way there and back. */
  Duration callTimeout() {
    return patience.plusSeconds(1);
  }
}
