package io.kubekv.transport.grpc;

import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.tls.Certificates;
import java.time.Duration;
import java.util.Optional;

/**
 * What the gRPC door allows its clients, so that none can make the server hold much.
 *
 * @param keepAlive how long a connection may be silent before the server pings it
 * @param keepAliveTimeout how long the answer may take before the connection counts as dead, and
 *     its watches and locks are freed
 * @param permittedKeepAlive how often a client may ping; one that pings more is cut
 * @param callsPerConnection calls and streams that one connection may have open
 * @param connections open at once; calls on more are refused
 * @param connectionsOfClient of them from one address
 * @param progress how long a quiet watch waits before it says how far it has come
 * @param drain how long calls in flight may take at the end
 * @param tls whose certificates are shown and asked for; absent: plain text
 * @param observation who hears of calls; absent: nobody
 */
public record GrpcSettings(
    Duration keepAlive,
    Duration keepAliveTimeout,
    Duration permittedKeepAlive,
    int callsPerConnection,
    int connections,
    int connectionsOfClient,
    Duration progress,
    Duration drain,
    Optional<Certificates> tls,
    Optional<Observation> observation) {
  public static final GrpcSettings DEFAULT =
      new GrpcSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          10_000,
          16_000,
          12_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(3),
          Optional.empty(),
          Optional.empty());

  /** How long a connection may be silent, and then how long the answer to a ping may take. */
  public GrpcSettings withKeepAlive(Duration newKeepAlive, Duration newTimeout) {
    return new GrpcSettings(
        newKeepAlive,
        newTimeout,
        permittedKeepAlive,
        callsPerConnection,
        connections,
        connectionsOfClient,
        progress,
        drain,
        tls,
        observation);
  }

  public GrpcSettings withProgress(Duration newProgress) {
    return new GrpcSettings(
        keepAlive,
        keepAliveTimeout,
        permittedKeepAlive,
        callsPerConnection,
        connections,
        connectionsOfClient,
        newProgress,
        drain,
        tls,
        observation);
  }

  /** All together, and from one address. */
  public GrpcSettings withConnections(int all, int ofClient) {
    return new GrpcSettings(
        keepAlive,
        keepAliveTimeout,
        permittedKeepAlive,
        callsPerConnection,
        all,
        ofClient,
        progress,
        drain,
        tls,
        observation);
  }

  /** Absent: plain text. */
  public GrpcSettings withTls(Optional<Certificates> newTls) {
    return new GrpcSettings(
        keepAlive,
        keepAliveTimeout,
        permittedKeepAlive,
        callsPerConnection,
        connections,
        connectionsOfClient,
        progress,
        drain,
        newTls,
        observation);
  }

  /** Has calls counted and followed. */
  public GrpcSettings withObservation(Observation by) {
    return new GrpcSettings(
        keepAlive,
        keepAliveTimeout,
        permittedKeepAlive,
        callsPerConnection,
        connections,
        connectionsOfClient,
        progress,
        drain,
        tls,
        Optional.of(by));
  }
}
