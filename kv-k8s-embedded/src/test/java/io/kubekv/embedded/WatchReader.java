package io.kubekv.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads a watch's lines on a thread of its own; {@code END} is what follows the last one. */
final class WatchReader implements AutoCloseable {
  private static final JsonNode END = ObjectJson.MAPPER.createObjectNode().put("type", "END");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int code;
  private final Stream<String> lines;
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

  WatchReader(int code, Stream<String> lines) {
    this.code = code;
    this.lines = lines;
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try {
      lines.filter(l -> !l.isEmpty()).forEach(l -> events.add(ObjectJson.MAPPER.readTree(l)));
    } catch (RuntimeException e) {
      // the connection was cut: the end all the same
    } finally {
      events.add(END);
    }
  }

  int code() {
    return code;
  }

  /** The next event that is no bookmark. */
  JsonNode next() {
    return next(e -> !type(e).equals("BOOKMARK"));
  }

  /** The next event that is wanted; others are passed over. */
  @SuppressWarnings("ReferenceEquality") // the one that ends it
  JsonNode next(Predicate<JsonNode> wanted) {
    try {
      while (true) {
        JsonNode event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
          throw new AssertionError("no event came within " + PATIENCE);
        }
        if (wanted.test(event) || event == END) {
          return event;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Types and names of the next events that are no bookmarks: {@code ADDED a}. */
  List<String> next(int count) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonNode event = next();
      seen.add(type(event) + " " + event.at("/object/metadata/name").asString(""));
    }
    return seen;
  }

  static String type(JsonNode event) {
    return event.path("type").asString("");
  }

  static String revision(JsonNode event) {
    return event.at("/object/metadata/resourceVersion").asString("");
  }

  @Override
  public void close() {
    lines.close();
  }
}
