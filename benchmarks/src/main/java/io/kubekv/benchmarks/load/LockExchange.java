package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Two clients that take turns with a lock as libkv locks by the etcd v2 API: whoever creates the
 * key holds it; the other waits for its end and then creates it. What is timed is from sending the
 * delete until the other has created the key.
 */
public final class LockExchange implements AutoCloseable {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final String KEY = "/v2/keys/benchmark/locked";

  private final InetSocketAddress store;
  private final HttpConnection[] clients = new HttpConnection[2];

  public LockExchange(InetSocketAddress store) throws IOException {
    this.store = store;
    for (int client = 0; client < clients.length; client++) {
      clients[client] = HttpConnection.open(store);
      clients[client].readTimeout(Duration.ofSeconds(30));
    }
  }

  /** Takes turns for a time; blocks. */
  public Histogram run(Duration time) throws IOException {
    Histogram times = new Histogram(3);
    long end = System.nanoTime() + time.toNanos();
    // one that an earlier run has left; what the answer is does not matter
    clients[0].exchange(request("DELETE", "", ""));
    require(clients[0].exchange(create()), 201);
    for (int turn = 0; System.nanoTime() < end; turn++) {
      times.recordValue(handOver(clients[turn % 2], clients[(turn + 1) % 2]));
    }
    return times;
  }

  private long handOver(HttpConnection holder, HttpConnection other) throws IOException {
    other.send(request("GET", "?wait=true", ""));
    HttpAnswer waiting = require(other.readHead(), 200);
    long begun = System.nanoTime();
    holder.send(request("DELETE", "", ""));
    other.readBody(waiting);
    require(other.exchange(create()), 201);
    long took = System.nanoTime() - begun;
    require(holder.readBody(holder.readHead()), 200);
    return took;
  }

  private byte[] create() {
    return request("PUT", "?prevExist=false", "value=held");
  }

  private byte[] request(String method, String query, String body) {
    return HttpConnection.request(method, KEY + query, store, FORM, body);
  }

  private static HttpAnswer require(HttpAnswer answer, int status) throws IOException {
    if (answer.status() != status) {
      throw new IOException("a lock was answered " + answer.status() + ": " + answer.body());
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    for (HttpConnection client : clients) {
      client.close();
    }
  }
}
