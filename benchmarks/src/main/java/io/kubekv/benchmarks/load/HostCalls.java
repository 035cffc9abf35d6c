package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** One connection of a Docker engine to its store, in libkv's words. For one thread. */
final class HostCalls implements AutoCloseable {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final String KEYS = "/v2/keys/";
  private static final String QUORUM = "?quorum=true&recursive=false&sorted=false";
  private static final Pattern INDEX = Pattern.compile("\"modifiedIndex\":([0-9]+)");

  private final InetSocketAddress store;
  private final HttpConnection connection;
  private final Histogram times;

  /**
   * @param times of all requests but waits; may be shared, when it is thread-safe
   */
  HostCalls(InetSocketAddress store, Histogram times) throws IOException {
    this.store = store;
    this.connection = HttpConnection.open(store);
    this.times = times;
    connection.readTimeout(Duration.ofSeconds(30));
  }

  HttpAnswer get(String key) throws IOException {
    return call("GET", key + QUORUM, "");
  }

  HttpAnswer list(String key) throws IOException {
    return call("GET", key + "?quorum=true&recursive=true&sorted=true", "");
  }

  HttpAnswer put(String key, String value) throws IOException {
    return call("PUT", key, "value=" + value);
  }

  HttpAnswer putFor(String key, String value, int seconds) throws IOException {
    return call("PUT", key, "ttl=" + seconds + "&value=" + value);
  }

  HttpAnswer create(String key, String value) throws IOException {
    return call("PUT", key + "?prevExist=false", "value=" + value);
  }

  HttpAnswer delete(String key, long index) throws IOException {
    return call("DELETE", key + "?prevIndex=" + index, "");
  }

  HttpAnswer deleteBelow(String key) throws IOException {
    return call("DELETE", key + "?recursive=true", "");
  }

  /** Reads and writes back on condition that nobody else has meanwhile, until that succeeds. */
  void change(String key, String value) throws IOException {
    HttpAnswer answer;
    do {
      long index = index(get(key));
      answer = call("PUT", key + "?prevExist=true&prevIndex=" + index, "value=" + value);
    } while (answer.status() == 412);
  }

  /** Waits for the first change from an index on; takes as long as it takes. */
  HttpAnswer await(String key, long index, boolean below) throws IOException {
    String query = "?recursive=" + below + "&wait=true&waitIndex=" + index;
    connection.readTimeout(Duration.ZERO);
    connection.send(HttpConnection.request("GET", KEYS + key + query, store, Map.of(), ""));
    HttpAnswer answer = connection.readBody(connection.readHead());
    connection.readTimeout(Duration.ofSeconds(30));
    return require(answer, "a wait for " + key);
  }

  private HttpAnswer call(String method, String target, String body) throws IOException {
    long sent = System.nanoTime();
    HttpAnswer answer =
        connection.exchange(HttpConnection.request(method, KEYS + target, store, FORM, body));
    times.recordValue(System.nanoTime() - sent);
    return require(answer, method + " " + target);
  }

  /** A key that is not there, or not as expected, is an answer as good as any. */
  private static HttpAnswer require(HttpAnswer answer, String what) throws IOException {
    if (answer.status() > 201 && answer.status() != 404 && answer.status() != 412) {
      throw new IOException(what + " was answered " + answer.status() + ": " + answer.body());
    }
    return answer;
  }

  /** The index of the node that an answer is about. */
  static long index(HttpAnswer answer) throws IOException {
    Matcher index = INDEX.matcher(answer.body());
    if (!index.find()) {
      throw new IOException("no modifiedIndex in " + answer.body());
    }
    return Long.parseLong(index.group(1));
  }

  /** The index of the state that an answer comes from. */
  static long stateIndex(HttpAnswer answer) throws IOException {
    return Long.parseLong(
        answer
            .header("X-Etcd-Index")
            .orElseThrow(() -> new IOException("no X-Etcd-Index in " + answer.headers())));
  }

  /** Ends a wait, too; from any thread. */
  @Override
  public void close() throws IOException {
    connection.close();
  }
}
