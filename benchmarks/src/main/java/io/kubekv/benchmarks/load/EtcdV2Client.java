package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks etcd v2, as libkv does. */
public final class EtcdV2Client implements Client {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final String KEYS = "/v2/keys/";

  /** A key that nobody writes: the answer names the index of the store. */
  private static final String NO_KEY = "benchmark-none";

  private static final Pattern MODIFIED = Pattern.compile("\"modifiedIndex\":([0-9]+)");
  private static final Pattern NUMBER =
      Pattern.compile("\"value\":\"([0-9]+)\".*?\"modifiedIndex\":([0-9]+)");
  private static final int COMPARE_FAILED = 412;

  private final InetSocketAddress store;
  private final HttpConnection connection;

  public EtcdV2Client(InetSocketAddress store) throws IOException {
    this.store = store;
    this.connection = HttpConnection.open(store);
    connection.readTimeout(Duration.ofSeconds(60));
  }

  @Override
  public void perform(Operation operation) throws IOException {
    switch (operation) {
      case Operation.Get get -> require(exchange(get(get.key() + "?quorum=true")), operation);
      case Operation.Put put -> require(exchange(put(put.key(), put.value())), operation);
      case Operation.ListBelow list ->
          require(
              exchange(get(list.directory() + "?quorum=true&recursive=true&sorted=true")),
              operation);
      case Operation.Increment increment -> increment(increment);
    }
  }

  @Override
  public long revision() throws IOException {
    HttpAnswer answer = exchange(get(NO_KEY + "?quorum=true"));
    return Long.parseLong(
        answer
            .header("X-Etcd-Index")
            .orElseThrow(() -> new IOException("no X-Etcd-Index: " + answer.body())));
  }

  @Override
  public long modified(String key) throws IOException {
    HttpAnswer answer = require(exchange(get(key + "?quorum=true")), new Operation.Get(key));
    Matcher modified = MODIFIED.matcher(answer.body());
    if (!modified.find()) {
      throw new IOException("no modifiedIndex: " + answer.body());
    }
    return Long.parseLong(modified.group(1));
  }

  private void increment(Operation.Increment increment) throws IOException {
    HttpAnswer answer;
    do {
      HttpAnswer now = require(exchange(get(increment.key() + "?quorum=true")), increment);
      Matcher number = NUMBER.matcher(now.body());
      if (!number.find()) {
        throw new IOException(increment + " found no number: " + now.body());
      }
      String next = Long.toString(Long.parseLong(number.group(1)) + 1);
      answer = exchange(put(increment.key() + "?prevIndex=" + number.group(2), next));
    } while (answer.status() == COMPARE_FAILED);
    require(answer, increment);
  }

  private HttpAnswer exchange(byte[] request) throws IOException {
    return connection.exchange(request);
  }

  private byte[] get(String target) {
    return HttpConnection.request("GET", KEYS + target, store, Map.of(), "");
  }

  private byte[] put(String target, String value) {
    return HttpConnection.request("PUT", KEYS + target, store, FORM, "value=" + value);
  }

  private static HttpAnswer require(HttpAnswer answer, Operation operation) throws IOException {
    if (answer.status() > 201) {
      throw new IOException(operation + " was answered " + answer.status() + ": " + answer.body());
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
