package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One replay of the recording against an empty store.
 *
 * <p>Requests go out one after the other, each as soon as everything is there that had been
 * answered when it was sent in the recording, on a connection for each recorded one. Watches stay
 * open beside them as recorded; an event must be there before the first request that was sent after
 * it. A watch that ended without an event must not have one. The recorded kill of the store is not
 * repeated: its clients' connections are closed, as theirs were.
 *
 * <p>One recorded key expires after 60 seconds. When everything before that is done, an additional
 * request shortens its life to a second ({@code refresh}, which wakes no watch); neither that
 * request nor the wait for the expiry is timed.
 */
final class Replay implements AutoCloseable {
  private static final Duration EVENT_WITHIN = Duration.ofSeconds(15);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Recording recording;
  private final InetSocketAddress store;
  private final Indexes indexes = new Indexes();
  private final Map<Integer, HttpConnection> connections = new HashMap<>();
  private final List<OpenWatch> watches = new ArrayList<>();
  private final Map<Long, Long> sentAt = new HashMap<>();
  private final Times times = new Times();
  private final List<String> differences = new ArrayList<>();
  private long waited;

  private Replay(Recording recording, InetSocketAddress store) {
    this.recording = recording;
    this.store = store;
  }

  /**
   * Blocks until all is replayed; the store is left as the recording leaves it. A store that stops
   * answering as recorded ends the round early.
   */
  static Round of(Recording recording, InetSocketAddress store) throws IOException {
    try (Replay replay = new Replay(recording, store)) {
      try {
        for (Exchange exchange : recording.exchanges()) {
          replay.catchUp(exchange.sent());
          replay.repeat(exchange);
        }
        replay.catchUp(Double.MAX_VALUE);
      } catch (IOException | IllegalStateException e) {
        replay.differences.add("the round ended early: " + e.getMessage());
      }
      return new Round(Duration.ofNanos(replay.waited), replay.times, replay.differences);
    }
  }

  /** Awaits the events and closes the connections that the recording has up to a moment. */
  private void catchUp(double moment) throws IOException {
    for (OpenWatch watch : List.copyOf(watches)) {
      if (watch.recorded().isAnsweredWatch() && watch.recorded().ended() <= moment) {
        watches.remove(watch);
        awaitEvent(watch);
      }
    }
    for (int connection : List.copyOf(connections.keySet())) {
      if (recording.closed().getOrDefault(connection, Double.MAX_VALUE) <= moment) {
        closeConnection(connection);
      }
    }
  }

  private void closeConnection(int connection) throws IOException {
    for (OpenWatch watch : List.copyOf(watches)) {
      if (watch.recorded().connection() == connection) {
        watches.remove(watch);
        if (watch.isAnswered()) {
          differs(
              watch.recorded(),
              "an event came that the recording does not have: "
                  + watch.await(EVENT_WITHIN).answer().body().strip());
        }
      }
    }
    HttpConnection open = connections.remove(connection);
    if (open != null) {
      open.close();
    }
  }

  private void repeat(Exchange exchange) throws IOException {
    long begun = System.nanoTime();
    HttpConnection connection = connections.get(exchange.connection());
    if (connection == null) {
      connection = HttpConnection.open(store);
      connections.put(exchange.connection(), connection);
    }
    byte[] request =
        HttpConnection.request(
            exchange.method(),
            indexes.translate(exchange.target()),
            store,
            exchange.headers(),
            exchange.body());
    long sent = System.nanoTime();
    connection.send(request);
    HttpAnswer head = connection.readHead();
    if (exchange.isWatch() && head.status() == 200) {
      waited += System.nanoTime() - begun;
      watches.add(OpenWatch.on(connection, head, exchange, sent));
      return;
    }
    HttpAnswer answer = connection.readBody(head);
    long answered = System.nanoTime();
    waited += answered - begun;
    times.add(exchange.kind(), answered - sent);
    if (exchange.isChange()) {
      sentAt.put(exchange.index(), sent);
    }
    check(exchange, answer);
  }

  private void awaitEvent(OpenWatch watch) throws IOException {
    Exchange recorded = watch.recorded();
    boolean expiry = recorded.answer().path("action").asString().equals("expire");
    long begun = System.nanoTime();
    if (expiry) {
      hasten(recorded.answer().path("prevNode"));
    }
    OpenWatch.Event event;
    try {
      event = watch.await(EVENT_WITHIN);
    } catch (IOException e) {
      throw new IOException(recorded + ": " + e.getMessage(), e);
    }
    if (!expiry) {
      waited += System.nanoTime() - begun;
      long cause =
          sentAt.getOrDefault(
              recorded.answer().path("node").path("modifiedIndex").asLong(), watch.sent());
      times.add(Kind.WATCH, event.at() - Math.max(cause, watch.sent()));
    }
    check(recorded, event.answer());
  }

  /**
   * Shortens the life of a key that expires in the recording, and learns the index that this gives
   * it.
   */
  private void hasten(JsonNode expiring) throws IOException {
    String target =
        "/v2/keys" + expiring.path("key").asString() + "?prevExist=true&refresh=true&ttl=1";
    try (HttpConnection connection = HttpConnection.open(store)) {
      HttpAnswer answer =
          connection.exchange(HttpConnection.request("PUT", target, store, Map.of(), ""));
      JsonNode node = JSON.readTree(answer.body()).path("node");
      indexes.learnFurther(
          expiring.path("modifiedIndex").asLong(), node.path("modifiedIndex").asLong());
    }
  }

  private void check(Exchange exchange, HttpAnswer answer) {
    JsonNode body = JSON.readTree(answer.body());
    if (answer.status() == exchange.status() && (exchange.isChange() || exchange.isWatch())) {
      indexes.learn(
          exchange.answer().path("node").path("modifiedIndex").asLong(),
          body.path("node").path("modifiedIndex").asLong());
    }
    Optional<String> difference = Comparison.difference(exchange, answer, body, indexes);
    difference.ifPresent(words -> differs(exchange, words));
  }

  private void differs(Exchange exchange, String words) {
    differences.add(exchange + ": " + words);
  }

  @Override
  public void close() throws IOException {
    for (HttpConnection connection : connections.values()) {
      connection.close();
    }
  }
}
