package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection that is kept while it lasts. Not thread-safe but for {@link #close}. */
final class HttpCalls implements AutoCloseable {
  /** The request was not sent. */
  static final class NotSentException extends IOException {
    private static final long serialVersionUID = 1L;

    NotSentException(IOException cause) {
      super(cause);
    }
  }

  private final InetSocketAddress server;
  private final Duration timeout;
  private volatile @Nullable HttpConnection connection;

  HttpCalls(InetSocketAddress server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  /**
   * Sends a request and reads its whole answer.
   *
   * @throws NotSentException when there is no connection
   * @throws IOException when there is no answer
   */
  HttpAnswer call(String method, String target, Map<String, String> headers, String body)
      throws IOException {
    HttpConnection open = connect();
    try {
      HttpAnswer answer =
          open.exchange(HttpConnection.request(method, target, server, headers, body));
      if (answer.header("Connection").orElse("").equals("close")) {
        close();
      }
      return answer;
    } catch (IOException | RuntimeException lost) {
      close();
      throw lost;
    }
  }

  private HttpConnection connect() throws NotSentException {
    HttpConnection open = connection;
    if (open != null) {
      return open;
    }
    try {
      open = HttpConnection.open(server);
      open.readTimeout(timeout);
      connection = open;
      return open;
    } catch (IOException refused) {
      throw new NotSentException(refused);
    }
  }

  @Override
  public void close() {
    HttpConnection open = connection;
    connection = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException closed) {
      // it is gone either way
    }
  }
}
