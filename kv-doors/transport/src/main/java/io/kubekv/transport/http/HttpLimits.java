package io.kubekv.transport.http;

import java.time.Duration;

/**
 * What one listener takes from its clients. Whatever is beyond it is refused or cut off.
 *
 * @param maxBodyBytes of a request's body
 * @param maxHeaderBytes of all header lines of a request together
 * @param maxRequestLineBytes of the request line
 * @param maxConnections open at once; more are closed as they are accepted
 * @param maxConnectionsOfClient of them from one address; one more is told so
 * @param maxHeldBytes of bodies that are not answered, and of answers that are not taken: who holds
 *     more than a body of them waits
 * @param maxHeldBytesOfClient of them from one address: it waits
 * @param readTimeout from the first header byte seen, or the opening of a new connection, to the
 *     end of the request's body; also for how long a client may take nothing of its answer
 * @param idleTimeout of a kept-alive connection between requests; never of one that is waiting for
 *     an answer or a stream
 * @param requestTimeout until a request's thread is interrupted; an open stream has no limit
 */
public record HttpLimits(
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxRequestLineBytes,
    int maxConnections,
    int maxConnectionsOfClient,
    long maxHeldBytes,
    long maxHeldBytesOfClient,
    Duration readTimeout,
    Duration idleTimeout,
    Duration requestTimeout) {
  /** How much shorter times are when others wait. */
  private static final int HURRY = 15;

  /** For a port that programs use: room for 10,000 watches and the work beside them. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          3 << 19,
          64 << 10,
          64 << 10,
          16_000,
          12_000,
          heldBytes(),
          4 << 20,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60));

  /** An eighth of the memory, where there is little. */
  private static long heldBytes() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / 8, 8L << 20, 256L << 20);
  }

  public HttpLimits {
    if (maxBodyBytes < 0 || maxHeaderBytes < 1 || maxRequestLineBytes < 1) {
      throw new IllegalArgumentException("an HTTP limit is below what one request needs");
    }
    if (maxConnections < 1 || maxConnectionsOfClient < 1) {
      throw new IllegalArgumentException("no connection would be allowed");
    }
    if (maxHeldBytes < maxHeldBytesOfClient || maxHeldBytesOfClient < maxBodyBytes) {
      throw new IllegalArgumentException("what may be held is less than one body");
    }
  }

  /** The time to read or to send something in, when others wait for what is held meanwhile. */
  Duration hurry() {
    return readTimeout.dividedBy(HURRY);
  }

  public HttpLimits withMaxBodyBytes(int bytes) {
    return new HttpLimits(
        bytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        maxConnections,
        maxConnectionsOfClient,
        maxHeldBytes,
        maxHeldBytesOfClient,
        readTimeout,
        idleTimeout,
        requestTimeout);
  }

  /** All together, and from one address. */
  public HttpLimits withMaxConnections(int all, int ofClient) {
    return new HttpLimits(
        maxBodyBytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        all,
        ofClient,
        maxHeldBytes,
        maxHeldBytesOfClient,
        readTimeout,
        idleTimeout,
        requestTimeout);
  }

  /** All together, and from one address. */
  public HttpLimits withMaxHeldBytes(long all, long ofClient) {
    return new HttpLimits(
        maxBodyBytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        maxConnections,
        maxConnectionsOfClient,
        all,
        ofClient,
        readTimeout,
        idleTimeout,
        requestTimeout);
  }

  public HttpLimits withTimeouts(Duration read, Duration idle, Duration request) {
    return new HttpLimits(
        maxBodyBytes,
        maxHeaderBytes,
        maxRequestLineBytes,
        maxConnections,
        maxConnectionsOfClient,
        maxHeldBytes,
        maxHeldBytesOfClient,
        read,
        idle,
        request);
  }
}
