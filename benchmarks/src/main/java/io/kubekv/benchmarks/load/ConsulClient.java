package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/** Speaks Consul's KV API, as libkv does. */
public final class ConsulClient implements Client {
  private static final String KEYS = "/v1/kv/";

  private final InetSocketAddress store;
  private final HttpConnection connection;

  public ConsulClient(InetSocketAddress store) throws IOException {
    this.store = store;
    this.connection = HttpConnection.open(store);
    connection.readTimeout(Duration.ofSeconds(60));
  }

  @Override
  public void perform(Operation operation) throws IOException {
    HttpAnswer answer = connection.exchange(request(operation));
    boolean refused = operation instanceof Operation.Put && !answer.body().strip().equals("true");
    if (answer.status() != 200 || refused) {
      throw new IOException(operation + " was answered " + answer.status() + ": " + answer.body());
    }
  }

  /** Of a key that nobody writes: Consul names the index of all keys. */
  @Override
  public long revision() throws IOException {
    return index("benchmark-none");
  }

  /** Of a key that is there, Consul's index is that of its last change. */
  @Override
  public long modified(String key) throws IOException {
    return index(key);
  }

  private long index(String key) throws IOException {
    HttpAnswer answer = connection.exchange(request("GET", key + "?consistent=", ""));
    return Long.parseLong(
        answer
            .header("X-Consul-Index")
            .orElseThrow(() -> new IOException("no X-Consul-Index: " + answer.body())));
  }

  private byte[] request(Operation operation) {
    return switch (operation) {
      case Operation.Get get -> request("GET", get.key() + "?consistent=", "");
      case Operation.Put put -> request("PUT", put.key(), put.value());
      case Operation.ListBelow list ->
          request("GET", list.directory() + "/?consistent=&recurse=", "");
      case Operation.Increment increment ->
          throw new UnsupportedOperationException("no increments by Consul's API");
    };
  }

  private byte[] request(String method, String target, String body) {
    return HttpConnection.request(method, KEYS + target, store, Map.of(), body);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
