package io.kubekv.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What etcd says of itself beside the keys: version, health, members, statistics. The members are
 * the replicas of the store; the one that holds its lease leads.
 */
final class ClusterHandler {
  private static final String REFUSED =
      "membership is not managed here: replicas of kubekv are added and removed by its deployment";

  private final KeyValueStore store;
  private final Watches watches;
  private final Answers answers;
  private final EtcdV2Settings settings;
  private final Supplier<List<EtcdMember>> members;
  private final OperationCounts counts;
  private final InstantSource clock;
  private final Instant started;

  ClusterHandler(
      KeyValueStore store,
      Watches watches,
      Answers answers,
      EtcdV2Settings settings,
      Supplier<List<EtcdMember>> members,
      OperationCounts counts,
      InstantSource clock) {
    this.store = store;
    this.watches = watches;
    this.answers = answers;
    this.settings = settings;
    this.members = members;
    this.counts = counts;
    this.clock = clock;
    this.started = clock.instant();
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
      List<String> urls =
          members.get().stream()
              .flatMap(member -> clientUrls(member, exchange).stream())
              .distinct()
              .toList();
      answers.text(exchange, 200, Payload.utf8(String.join(", ", urls)));
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
        String separator = "";
        for (EtcdMember member : members.get()) {
          member(json.raw(separator), member, exchange);
          separator = ",";
        }
        answers.clusterJson(exchange, 200, json.raw("]}").line());
      }
      case "leader" -> showLeader(exchange);
      default -> answers.message(exchange, 404, "Not found");
    }
  }

  /** As etcd answers while it has none (etcd 2.3, etcdserver/etcdhttp/client.go). */
  private void showLeader(HttpExchange exchange) {
    Optional<EtcdMember> leader = leader();
    if (leader.isPresent()) {
      answers.clusterJson(exchange, 200, member(new Json(), leader.get(), exchange).line());
    } else {
      answers.message(exchange, 503, "During election");
    }
  }

  private Optional<EtcdMember> leader() {
    return members.get().stream().filter(EtcdMember::leads).findFirst();
  }

  private String leaderId() {
    return leader().map(EtcdMember::shownId).orElse("0");
  }

  private void changeMember(HttpExchange exchange, String name) {
    if (name.isEmpty()) {
      answers.methodNotAllowed(exchange, "GET,POST,DELETE,PUT");
    } else if (members.get().stream().anyMatch(member -> member.shownId().equals(name))) {
      answers.message(exchange, 403, REFUSED);
    } else {
      answers.message(exchange, 404, "No such member: " + name);
    }
  }

  private static Json member(Json json, EtcdMember member, HttpExchange exchange) {
    json.raw("{\"id\":").string(member.shownId()).raw(",\"name\":").string(member.name());
    json.raw(",\"peerURLs\":[],\"clientURLs\":[");
    String separator = "";
    for (String url : clientUrls(member, exchange)) {
      json.raw(separator).string(url);
      separator = ",";
    }
    return json.raw("]}");
  }

  private static List<String> clientUrls(EtcdMember member, HttpExchange exchange) {
    return member.clientUrls().isEmpty() && member.answers()
        ? List.of(exchange.clientUrl())
        : member.clientUrls();
  }

  /** {@code name} is what follows {@code /v2/stats/}. */
  void statistics(HttpExchange exchange, String name) {
    if (!allows(exchange, "GET")) {
      return;
    }
    Json json = new Json();
    switch (name) {
      case "self" -> self(json);
      case "leader" -> json.raw("{\"leader\":").string(leaderId()).raw(",\"followers\":{}}");
      default -> {
        json.raw("{");
        counts.write(json);
        json.raw(",\"expireCount\":0,\"watchers\":").number(watches.watchers()).raw("}");
      }
    }
    answers.json(exchange, 200, json.payload());
  }

  private void self(Json json) {
    String since = started.toString();
    double uptime = Duration.between(started, clock.instant()).toMillis() / 1000.0;
    Optional<EtcdMember> self = members.get().stream().filter(EtcdMember::answers).findFirst();
    boolean leads = self.filter(EtcdMember::leads).isPresent();
    json.raw("{\"name\":").string(self.map(EtcdMember::name).orElse(""));
    json.raw(",\"id\":").string(self.map(EtcdMember::shownId).orElse("0"));
    json.raw(",\"state\":").string(leads ? "StateLeader" : "StateFollower");
    json.raw(",\"startTime\":").string(since);
    json.raw(",\"leaderInfo\":{\"leader\":").string(leaderId());
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
