package io.kubekv.transport.tcp;

import java.time.Duration;

/**
 * What one listener takes from its clients.
 *
 * @param maxConnections open at once; more are closed as they are accepted
 * @param maxConnectionsOfClient of them from one address
 * @param readTimeout until a new connection has said who it is ({@link TcpConnection#arrived})
 */
public record TcpLimits(int maxConnections, int maxConnectionsOfClient, Duration readTimeout) {
  public TcpLimits {
    if (maxConnections < 1 || maxConnectionsOfClient < 1) {
      throw new IllegalArgumentException("no connection would be allowed");
    }
  }
}
