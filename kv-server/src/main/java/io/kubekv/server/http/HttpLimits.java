package io.kubekv.server.http;

import java.time.Duration;

/**
 * What one listener takes from its clients. Whatever is beyond it is refused or cut off.
 *
 * @param maxBodyBytes of a request's body
 * @param maxHeaderBytes of all header lines of a request together
 * @param maxRequestLineBytes of the request line
 * @param maxConnections open at once; more are closed as they are accepted
 * @param readTimeout from the first header byte seen, or the opening of a new connection, to the
 *     end of the request's body
 * @param idleTimeout of a kept-alive connection between requests; never of one that is waiting for
 *     an answer or a stream
 * @param requestTimeout until a request's thread is interrupted; an open stream has no limit
 */
public record HttpLimits(
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxRequestLineBytes,
    int maxConnections,
    Duration readTimeout,
    Duration idleTimeout,
    Duration requestTimeout) {
  /** For a port that programs use: room for 10,000 watches and the work beside them. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          3 << 19,
          64 << 10,
          64 << 10,
          16_000,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60));

  public HttpLimits {
    if (maxBodyBytes < 0 || maxHeaderBytes < 1 || maxRequestLineBytes < 1 || maxConnections < 1) {
      throw new IllegalArgumentException("an HTTP limit is below what one request needs");
    }
  }

  public HttpLimits withMaxBodyBytes(int bytes) {
    return new HttpLimits(
        bytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        maxConnections,
        readTimeout,
        idleTimeout,
        requestTimeout);
  }

  public HttpLimits withMaxConnections(int connections) {
    return new HttpLimits(
        maxBodyBytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        connections,
        readTimeout,
        idleTimeout,
        requestTimeout);
  }

  public HttpLimits withTimeouts(Duration read, Duration idle, Duration request) {
    return new HttpLimits(
        maxBodyBytes, maxHeaderBytes, maxRequestLineBytes, maxConnections, read, idle, request);
  }
}
