package io.kubekv.benchmarks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process that holds very many waiting watches, apart from the store and from the benchmark.
 * Takes commands on its standard input and answers each with one line: {@code open N} opens that
 * many watches of one key, {@code change} changes the key and says how long it took until the last
 * watch had its event, {@code hangup} closes all connections.
 */
final class WatchHolder {
  private static final int PER_SOURCE = 4000;
  private static final String KEY = "/v2/keys/benchmark/watched";
  private static final int WITHIN_SECONDS = 30;

  private final InetSocketAddress store;
  private final List<HttpConnection> connections = new ArrayList<>();
  private final List<CompletableFuture<Long>> events = new ArrayList<>();

  private WatchHolder(InetSocketAddress store) {
    this.store = store;
  }

  /** Arguments: the store's host and port. */
  public static void main(String[] arguments) throws IOException {
    WatchHolder holder =
        new WatchHolder(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      System.out.println(holder.obey(command));
    }
  }

  private String obey(String command) throws IOException {
    if (command.startsWith("open ")) {
      open(Integer.parseInt(command.substring(5)));
      return "open";
    }
    return switch (command) {
      case "change" -> change();
      case "hangup" -> hangUp();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  /**
   * Each watch is waiting when its answer's head is there. A source address has only so many ports,
   * so there are several.
   */
  private void open(int count) throws IOException {
    byte[] request = HttpConnection.request("GET", KEY + "?wait=true", store, Map.of(), "");
    for (int number = 0; number < count; number++) {
      byte[] source = {127, 0, 0, (byte) (2 + number / PER_SOURCE)};
      HttpConnection connection =
          HttpConnection.open(store, new InetSocketAddress(InetAddress.getByAddress(source), 0));
      connections.add(connection);
      connection.send(request);
      HttpAnswer head = connection.readHead();
      if (head.status() != 200) {
        throw new IOException("watch " + number + " was answered " + head.status());
      }
      events.add(event(connection, head));
    }
  }

  private static CompletableFuture<Long> event(HttpConnection connection, HttpAnswer head) {
    CompletableFuture<Long> event = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("watch")
        .start(
            () -> {
              try {
                String body = connection.readBody(head).body();
                event.complete(body.contains("woken") ? System.nanoTime() : Long.MAX_VALUE);
              } catch (IOException e) {
                event.completeExceptionally(e);
              }
            });
    return event;
  }

  private String change() throws IOException {
    long sent = System.nanoTime();
    try (HttpConnection connection = HttpConnection.open(store)) {
      connection.exchange(
          HttpConnection.request(
              "PUT",
              KEY,
              store,
              Map.of("Content-Type", "application/x-www-form-urlencoded"),
              "value=woken"));
    }
    long last = sent;
    int missed = 0;
    for (CompletableFuture<Long> event : events) {
      try {
        last = Math.max(last, event.get(WITHIN_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException e) {
        missed++;
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
    hangUp();
    return "missed " + missed + " nanoseconds " + (last - sent);
  }

  private String hangUp() throws IOException {
    for (HttpConnection connection : connections) {
      connection.close();
    }
    connections.clear();
    events.clear();
    return "hung up";
  }
}
