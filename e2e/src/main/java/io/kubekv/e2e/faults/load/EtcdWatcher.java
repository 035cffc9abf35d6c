package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watches as etcd v2's clients do: one request an event. */
final class EtcdWatcher extends Watcher {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int EVENT_INDEX_CLEARED = 401;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private record Place(EtcdDoor door, HttpCalls http) implements AutoCloseable {
    @Override
    public void close() {
      door.close();
      http.close();
    }
  }

  private final Seat<Place> seat;

  EtcdWatcher(
      String name, String prefix, List<Endpoint> endpoints, int first, History history, Pace pace) {
    super(name, prefix, history, pace);
    this.seat =
        new Seat<>(
            endpoints,
            first,
            at -> new Place(new EtcdDoor(at, PATIENCE), new HttpCalls(at.etcd(), PATIENCE)));
  }

  @Override
  long begin() {
    Optional<Door.Listing> listing = seat.door().door().list(prefix());
    return listing.map(Door.Listing::revision).orElse(-1L);
  }

  @Override
  void follow(long after) {
    String directory = prefix().substring(0, prefix().length() - 1);
    String query = "?wait=true&recursive=true&waitIndex=" + (after + 1);
    try {
      HttpAnswer answer =
          seat.door().http().call("GET", EtcdDoor.KEYS + directory + query, Map.of(), "");
      if (answer.body().isBlank()) {
        return; // the server ended an idle watch
      }
      JsonNode body = JSON.readTree(answer.body());
      if (body.path("errorCode").asInt() == EVENT_INDEX_CLEARED) {
        gap(WatchSeen.Kind.CLEARED);
      } else if (answer.status() != 200) {
        letDown();
      } else {
        event(body);
      }
    } catch (IOException | JacksonException lost) {
      letDown();
    }
  }

  private void event(JsonNode event) {
    JsonNode node = event.path("node");
    long revision = node.path("modifiedIndex").asLong();
    if (node.path("dir").asBoolean(false)) {
      skipTo(revision);
      return;
    }
    switch (event.path("action").asString()) {
      case "delete", "compareAndDelete", "expire" ->
          deleted(EtcdDoor.key(node), revision, EtcdDoor.sight(event.path("prevNode")));
      default ->
          put(
              EtcdDoor.key(node),
              node.path("value").asString(),
              revision,
              EtcdDoor.sight(event.path("prevNode")));
    }
  }

  @Override
  void move() {
    seat.move();
  }

  @Override
  String replica() {
    return seat.replica();
  }

  @Override
  void close() {
    seat.close();
  }
}
