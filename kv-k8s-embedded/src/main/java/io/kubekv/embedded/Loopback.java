package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * The way in for a client in the same process: the token, the routes, the checks, the faults and
 * the bytes are those of HTTP; the sockets and the hand-overs between threads that they cost are
 * left out. Thread-safe.
 */
public final class Loopback {
  private final Context context;
  private final ApiHandler api;

  Loopback(Context context, ApiHandler api) {
    this.context = context;
    this.api = api;
  }

  /**
   * Hears the answer to one request, one call at a time, on any thread, perhaps before {@link
   * #send} has returned. It must not block.
   */
  public interface Receiver {
    /** Status and headers: the first call, unless it is {@link #cut}. */
    void head(int status, Map<String, List<String>> headers);

    /** The next part of the body. The receiver must not change it. */
    void data(byte[] part);

    /** The last call: the answer is complete. */
    void end();

    /** The last call: what a broken connection is over HTTP. */
    void cut();

    /** Whether a watch should hold back until {@link Sent#drained}. */
    boolean full();
  }

  /** A request under way. */
  public interface Sent {
    /** The receiver is no longer full. */
    void drained();

    /** The client has gone: a watch ends. */
    void hangUp();
  }

  /**
   * Sends a request. A change of objects is decided on the calling thread, and if that is a virtual
   * one perhaps committed too: it may wait for the disk. Everything else returns at once.
   *
   * @param target path and query, as in a request line
   * @param headers by name in lower case
   * @param body empty if there is none; must not be changed afterwards
   */
  public Sent send(
      String method, String target, Map<String, String> headers, byte[] body, Receiver receiver) {
    LoopbackExchange exchange = new LoopbackExchange(method, target, headers, receiver);
    api.admit(exchange)
        .ifPresent(
            admitted -> {
              if (method.equals("GET")) {
                context.runOnContext(now -> api.begin(admitted, Buffer.buffer()));
              } else {
                api.begin(admitted, Buffer.buffer(body));
              }
            });
    return exchange;
  }
}
