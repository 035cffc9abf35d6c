package io.kubekv.transport.door;

import io.kubekv.transport.grpc.GrpcListener;

/**
 * One port at which requests over HTTP and calls over gRPC come in.
 *
 * @param requests has the port
 * @param calls takes what that passes on
 */
public record SharedPort(OpenDoor requests, GrpcListener calls) {
  /** The port that it listens on. */
  public int port() {
    return requests.port();
  }

  /**
   * Takes no more of either, lets what is in flight end for a few seconds, and cuts the rest.
   *
   * @param streams ends the streams of calls, which wait for what does not come any more
   */
  public void close(Runnable streams) {
    calls.refuse();
    try {
      streams.run();
    } finally {
      try {
        requests.close();
      } finally {
        calls.close();
      }
    }
  }
}
