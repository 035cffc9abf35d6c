package io.kubekv.server.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.server.golang.Json;
import io.kubekv.server.http.HttpExchange;
import io.kubekv.server.http.Payload;
import io.kubekv.server.watch.WatchHub;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * What etcd says of itself beside the keys: version, health, members, statistics. The cluster shown
 * has one member, which leads.
 */
final class ClusterHandler {
  private static final String REFUSED =
      "membership is not managed here: replicas of kubekv are added and removed by its deployment";

  private final KeyValueStore store;
  private final WatchHub hub;
  private final Answers answers;
  private final EtcdV2Settings settings;
  private final OperationCounts counts;
  private final InstantSource clock;
  private final Instant started;
  private final String memberId;

  ClusterHandler(
      KeyValueStore store,
      WatchHub hub,
      Answers answers,
      EtcdV2Settings settings,
      OperationCounts counts,
      InstantSource clock) {
    this.store = store;
    this.hub = hub;
    this.answers = answers;
    this.settings = settings;
    this.counts = counts;
    this.clock = clock;
    this.started = clock.instant();
    // any fixed number but 0, which clients take for "no leader"
    this.memberId = Long.toHexString(store.id() ^ 0x6b75_6265_6b76_0001L);
  }

  void version(HttpExchange exchange) {
    if (allows(exchange, "GET")) {
      Json json = new Json().raw("{\"etcdserver\":").string(settings.serverVersion());
      json.raw(",\"etcdcluster\":").string(settings.clusterVersion()).raw("}");
      answers.json(exchange, 200, json.payload());
    }
  }

  void health(HttpExchange exchange) {
    if (allows(exchange, "GET")) {
      StoreStatus status = store.status();
      Payload body = Payload.utf8("{\"health\":\"" + status.ready() + "\"}");
      answers.text(exchange, status.ready() ? 200 : 503, body);
    }
  }

  void machines(HttpExchange exchange) {
    if (allows(exchange, "GET,HEAD")) {
      answers.text(exchange, 200, Payload.utf8(String.join(", ", clientUrls(exchange))));
    }
  }

  /** {@code name} is what follows {@code /v2/members/}; empty for the list. */
  void members(HttpExchange exchange, String name) {
    if (!allows(exchange, "GET,POST,DELETE,PUT")) {
      return;
    }
    switch (exchange.method()) {
      case "GET" -> showMembers(exchange, name);
      case "POST" -> answers.message(exchange, 403, REFUSED);
      default -> changeMember(exchange, name);
    }
  }

  private void showMembers(HttpExchange exchange, String name) {
    switch (name) {
      case "" -> {
        Json json = new Json().raw("{\"members\":[");
        answers.clusterJson(exchange, 200, member(json, exchange).raw("]}").line());
      }
      case "leader" -> answers.clusterJson(exchange, 200, member(new Json(), exchange).line());
      default -> answers.message(exchange, 404, "Not found");
    }
  }

  private void changeMember(HttpExchange exchange, String name) {
    if (name.isEmpty()) {
      answers.methodNotAllowed(exchange, "GET,POST,DELETE,PUT");
    } else if (name.equals(memberId)) {
      answers.message(exchange, 403, REFUSED);
    } else {
      answers.message(exchange, 404, "No such member: " + name);
    }
  }

  private Json member(Json json, HttpExchange exchange) {
    json.raw("{\"id\":").string(memberId).raw(",\"name\":").string(settings.memberName());
    json.raw(",\"peerURLs\":[],\"clientURLs\":[");
    String separator = "";
    for (String url : clientUrls(exchange)) {
      json.raw(separator).string(url);
      separator = ",";
    }
    return json.raw("]}");
  }

  private List<String> clientUrls(HttpExchange exchange) {
    return settings.clientUrls().isEmpty() ? List.of(exchange.clientUrl()) : settings.clientUrls();
  }

  /** {@code name} is what follows {@code /v2/stats/}. */
  void statistics(HttpExchange exchange, String name) {
    if (!allows(exchange, "GET")) {
      return;
    }
    Json json = new Json();
    switch (name) {
      case "self" -> self(json);
      case "leader" -> json.raw("{\"leader\":").string(memberId).raw(",\"followers\":{}}");
      default -> {
        json.raw("{");
        counts.write(json);
        json.raw(",\"expireCount\":0,\"watchers\":").number(hub.watchers()).raw("}");
      }
    }
    answers.json(exchange, 200, json.payload());
  }

  private void self(Json json) {
    String since = started.toString();
    double uptime = Duration.between(started, clock.instant()).toMillis() / 1000.0;
    json.raw("{\"name\":").string(settings.memberName());
    json.raw(",\"id\":").string(memberId);
    json.raw(",\"state\":\"StateLeader\",\"startTime\":").string(since);
    json.raw(",\"leaderInfo\":{\"leader\":").string(memberId);
    json.raw(",\"uptime\":").string(uptime + "s").raw(",\"startTime\":").string(since);
    json.raw("},\"recvAppendRequestCnt\":0,\"sendAppendRequestCnt\":0}");
  }

  private boolean allows(HttpExchange exchange, String methods) {
    boolean allowed = List.of(methods.split(",")).contains(exchange.method());
    if (!allowed) {
      answers.methodNotAllowed(exchange, methods);
    }
    return allowed;
  }
}
