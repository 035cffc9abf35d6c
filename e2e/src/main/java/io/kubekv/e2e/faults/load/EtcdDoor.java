package io.kubekv.e2e.faults.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** etcd's v2 API. */
final class EtcdDoor implements Door, Mortals {
  static final String KEYS = "/v2/keys/";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final int KEY_NOT_FOUND = 100;
  private static final int COMPARE_FAILED = 101;
  private static final int KEY_EXISTS = 105;
  private static final int LEADER_ELECTION = 301;

  private final HttpCalls http;

  EtcdDoor(Endpoint endpoint, Duration timeout) {
    this.http = new HttpCalls(endpoint.etcd(), timeout);
  }

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public Set<Action> actions() {
    return EnumSet.complementOf(EnumSet.of(Action.REMOVE));
  }

  @Override
  public Answer call(Action action, String key, String value, long expected) {
    String path = KEYS + key;
    String condition =
        switch (action) {
          case GET -> "?quorum=true";
          case CREATE -> "?prevExist=false";
          case SWAP, DELETE_IF -> "?prevIndex=" + expected;
          case PUT, DELETE, REMOVE -> "";
        };
    return switch (action) {
      case GET -> answer(action, "GET", path + condition, "");
      case PUT, CREATE, SWAP -> answer(action, "PUT", path + condition, "value=" + encode(value));
      case DELETE, DELETE_IF, REMOVE -> answer(action, "DELETE", path + condition, "");
    };
  }

  @Override
  public Optional<Listing> list(String prefix) {
    try {
      String target = KEYS + prefix.substring(0, prefix.length() - 1);
      HttpAnswer answer = http.call("GET", target + "?recursive=true&quorum=true", Map.of(), "");
      JsonNode body = JSON.readTree(answer.body());
      boolean nothing = body.path("errorCode").asInt() == KEY_NOT_FOUND;
      if (answer.status() != 200 && !nothing) {
        return Optional.empty();
      }
      List<ListSeen.Item> items = new ArrayList<>();
      collect(body.path("node"), items);
      return Optional.of(new Listing(items, index(answer)));
    } catch (IOException | JacksonException lost) {
      return Optional.empty();
    }
  }

  /** Makes a directory, also where there is one; whether it is there now. */
  boolean makeDirectory(String key) {
    try {
      int status = http.call("PUT", KEYS + key + "?dir=true", FORM, "").status();
      return status / 100 == 2 || status == 403;
    } catch (IOException lost) {
      return false;
    }
  }

  /** Deletes a directory with all that is below; whether it is gone now. */
  boolean deleteDirectory(String key) {
    try {
      int status = http.call("DELETE", KEYS + key + "?recursive=true", FORM, "").status();
      return status / 100 == 2 || status == 404;
    } catch (IOException lost) {
      return false;
    }
  }

  @Override
  public Result look(String key) {
    Answer answer = call(Action.GET, key, "", 0);
    if (answer.result() != Result.DONE) {
      return Result.FAILED;
    }
    return answer.seen().exists() ? Result.DONE : Result.REFUSED;
  }

  @Override
  public Result put(String key, String value, Duration timeToLive) {
    String form = "value=" + encode(value) + "&ttl=" + timeToLive.toSeconds();
    return answer(Action.PUT, "PUT", KEYS + key, form).result();
  }

  @Override
  public Result refresh(String key, Duration timeToLive) {
    String form = "refresh=true&prevExist=true&ttl=" + timeToLive.toSeconds();
    return answer(Action.SWAP, "PUT", KEYS + key, form).result();
  }

  /** The key of a node as other APIs name it. */
  static String key(JsonNode node) {
    return node.path("key").asString().substring(1);
  }

  /** What a node tells of its key. */
  static Sight sight(JsonNode node) {
    return node.isMissingNode()
        ? Sight.ABSENT
        : Sight.of(node.path("value").asString(), node.path("modifiedIndex").asLong());
  }

  static long index(HttpAnswer answer) {
    return Long.parseLong(answer.header("X-Etcd-Index").orElse("0"));
  }

  private Answer answer(Action action, String method, String target, String form) {
    try {
      HttpAnswer answer = http.call(method, target, form.isEmpty() ? Map.of() : FORM, form);
      JsonNode body = JSON.readTree(answer.body());
      return answer.status() / 100 == 2 ? done(action, body) : undone(action, answer, body);
    } catch (HttpCalls.NotSentException notSent) {
      return Answer.FAILED;
    } catch (IOException | JacksonException lost) {
      return Answer.UNKNOWN;
    }
  }

  private static Answer done(Action action, JsonNode body) {
    JsonNode node = body.path("node");
    return action.isRead()
        ? Answer.read(sight(node))
        : new Answer(
            Result.DONE, sight(body.path("prevNode")), node.path("modifiedIndex").asLong());
  }

  private static Answer undone(Action action, HttpAnswer answer, JsonNode body) {
    return switch (body.path("errorCode").asInt()) {
      case KEY_NOT_FOUND ->
          action.isRead() ? Answer.read(Sight.ABSENT) : new Answer(Result.REFUSED, Sight.ABSENT, 0);
      case COMPARE_FAILED, KEY_EXISTS -> Answer.REFUSED;
      case LEADER_ELECTION -> Answer.FAILED;
      default -> answer.status() == 503 ? Answer.FAILED : Answer.UNKNOWN;
    };
  }

  private static void collect(JsonNode node, List<ListSeen.Item> items) {
    if (node.isMissingNode()) {
      return;
    }
    if (node.path("dir").asBoolean(false)) {
      node.path("nodes").forEach(child -> collect(child, items));
    } else {
      Sight sight = sight(node);
      items.add(new ListSeen.Item(key(node), sight.value(), sight.revision()));
    }
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
