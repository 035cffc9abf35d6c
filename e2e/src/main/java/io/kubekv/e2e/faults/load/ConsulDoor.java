package io.kubekv.e2e.faults.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Consul's API. */
final class ConsulDoor implements Door, Sessions {
  private static final String KV = "/v1/kv/";
  private static final String SESSION = "/v1/session/";
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The words of Consul's own servers and clients for "try elsewhere, nothing was done". */
  private static final String NO_LEADER = "No cluster leader";

  private static final String NO_SESSION = "invalid session";

  private final HttpCalls http;

  ConsulDoor(Endpoint endpoint, Duration timeout) {
    this.http = new HttpCalls(endpoint.consul(), timeout);
  }

  @Override
  public String name() {
    return "consul";
  }

  /** A delete with an index is true also when nothing is there: it tells too little. */
  @Override
  public Set<Action> actions() {
    return EnumSet.of(Action.GET, Action.PUT, Action.CREATE, Action.SWAP, Action.REMOVE);
  }

  @Override
  public Answer call(Action action, String key, String value, long expected) {
    return switch (action) {
      case GET -> get(key);
      case PUT -> change("PUT", KV + key, value);
      case CREATE -> change("PUT", KV + key + "?cas=0", value);
      case SWAP -> change("PUT", KV + key + "?cas=" + expected, value);
      case REMOVE -> change("DELETE", KV + key, "");
      case DELETE, DELETE_IF -> throw new IllegalArgumentException("not here: " + action);
    };
  }

  private Answer get(String key) {
    return read(key).map(Answer::read).orElse(Answer.UNKNOWN);
  }

  private Optional<Sight> read(String key) {
    return entries(KV + key + "?consistent")
        .map(found -> found.body().isEmpty() ? Sight.ABSENT : sight(found.body().get(0)));
  }

  @Override
  public Optional<Listing> list(String prefix) {
    return entries(KV + prefix + "?recurse&consistent").map(ConsulDoor::listing);
  }

  /** The same, when it no longer stands at a revision, or after a while. */
  Optional<Listing> listAfter(String prefix, long revision, Duration atMost) {
    String wait = "&index=" + revision + "&wait=" + atMost.toMillis() + "ms";
    return entries(KV + prefix + "?recurse&consistent" + wait).map(ConsulDoor::listing);
  }

  private record Entries(JsonNode body, long index) {}

  private Optional<Entries> entries(String target) {
    try {
      HttpAnswer answer = http.call("GET", target, Map.of(), "");
      if (answer.status() != 200 && answer.status() != 404) {
        return Optional.empty();
      }
      long index = Long.parseLong(answer.header("X-Consul-Index").orElse("0"));
      String body = answer.status() == 404 ? "[]" : answer.body();
      return index == 0 ? Optional.empty() : Optional.of(new Entries(JSON.readTree(body), index));
    } catch (IOException | JacksonException lost) {
      return Optional.empty();
    }
  }

  /** The sessions that keys with a prefix name; empty when there was no answer. */
  Optional<List<String>> holders(String prefix) {
    return entries(KV + prefix + "?recurse&consistent")
        .map(found -> texts(found.body(), "Session"));
  }

  /** The sessions that live; empty when there was no answer. */
  Optional<List<String>> sessions() {
    return entries(SESSION + "list").map(found -> texts(found.body(), "ID"));
  }

  private static List<String> texts(JsonNode objects, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode object : objects) {
      if (object.has(field)) {
        texts.add(object.path(field).asString());
      }
    }
    return texts;
  }

  private static Listing listing(Entries found) {
    List<ListSeen.Item> items = new ArrayList<>();
    for (JsonNode entry : found.body()) {
      if (!entry.path("Value").isNull()) { // else a directory, or a value of no bytes
        Sight sight = sight(entry);
        items.add(new ListSeen.Item(entry.path("Key").asString(), sight.value(), sight.revision()));
      }
    }
    return new Listing(items, found.index());
  }

  private static Sight sight(JsonNode entry) {
    String value = entry.path("Value").isNull() ? "" : entry.path("Value").asString();
    return Sight.of(
        new String(Base64.getDecoder().decode(value), UTF_8), entry.path("ModifyIndex").asLong());
  }

  private Answer change(String method, String target, String body) {
    return switch (result(method, target, body)) {
      case DONE -> Answer.DONE;
      case REFUSED -> Answer.REFUSED;
      case FAILED -> Answer.FAILED;
      case UNKNOWN -> Answer.UNKNOWN;
    };
  }

  private Result result(String method, String target, String body) {
    try {
      HttpAnswer answer = http.call(method, target, Map.of(), body);
      if (answer.status() == 200) {
        return answer.body().strip().equals("true") ? Result.DONE : Result.REFUSED;
      }
      return undone(answer);
    } catch (HttpCalls.NotSentException notSent) {
      return Result.FAILED;
    } catch (IOException lost) {
      return Result.UNKNOWN;
    }
  }

  private static Result undone(HttpAnswer answer) {
    if (answer.status() == 404 || answer.body().startsWith(NO_SESSION)) {
      return Result.REFUSED;
    }
    boolean elsewhere = answer.status() == 429 || answer.body().startsWith(NO_LEADER);
    return elsewhere ? Result.FAILED : Result.UNKNOWN;
  }

  @Override
  public Begun begin(Duration timeToLive) {
    String spec =
        "{\"TTL\":\"%ds\",\"LockDelay\":\"0s\",\"Checks\":[]}".formatted(timeToLive.toSeconds());
    try {
      HttpAnswer answer = http.call("PUT", SESSION + "create", Map.of(), spec);
      return answer.status() == 200
          ? new Begun(Result.DONE, JSON.readTree(answer.body()).path("ID").asString())
          : new Begun(Result.UNKNOWN, "");
    } catch (IOException | JacksonException lost) {
      return new Begun(Result.UNKNOWN, "");
    }
  }

  @Override
  public Result renew(String id) {
    try {
      HttpAnswer answer = http.call("PUT", SESSION + "renew/" + id, Map.of(), "");
      return answer.status() == 200 ? Result.DONE : undone(answer);
    } catch (IOException lost) {
      return Result.UNKNOWN;
    }
  }

  @Override
  public Result end(String id) {
    return result("PUT", SESSION + "destroy/" + id, "");
  }

  /** Consul does not tell the token: it is the revision of the value that was stored. */
  @Override
  public Acquired acquire(String key, String id, String value) {
    Result result = result("PUT", KV + key + "?acquire=" + id, value);
    long token =
        result == Result.DONE
            ? read(key).filter(seen -> seen.value().equals(value)).map(Sight::revision).orElse(0L)
            : 0;
    return new Acquired(result, token);
  }

  @Override
  public Result release(String key, String id) {
    return result("PUT", KV + key + "?release=" + id, "");
  }

  @Override
  public void close() {
    http.close();
  }
}
