package io.kubekv.e2e.consul;

import static java.util.function.Predicate.not;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kiwiproject.consul.Consul;
import org.kiwiproject.consul.ConsulException;
import org.kiwiproject.consul.KeyValueClient;
import org.kiwiproject.consul.SessionClient;
import org.kiwiproject.consul.async.ConsulResponseCallback;
import org.kiwiproject.consul.model.ConsulResponse;
import org.kiwiproject.consul.model.agent.Member;
import org.kiwiproject.consul.model.health.Node;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.model.session.ImmutableSession;
import org.kiwiproject.consul.model.session.SessionInfo;
import org.kiwiproject.consul.option.ConsistencyMode;
import org.kiwiproject.consul.option.ImmutablePutOptions;
import org.kiwiproject.consul.option.ImmutableQueryOptions;
import org.kiwiproject.consul.option.QueryOptions;

/** consul-client of kiwiproject. */
final class ConsulClientLibrary implements Client {
  private static final Pattern REFUSAL = Pattern.compile("failed with status \\[(\\d+)]: (.*)", Pattern.DOTALL);

  private final Consul consul;
  private final KeyValueClient keys;
  private final SessionClient sessions;

  ConsulClientLibrary(Consul consul) {
    this.consul = consul;
    this.keys = consul.keyValueClient();
    this.sessions = consul.sessionClient();
  }

  @Override
  public String name() {
    return "consul-client";
  }

  /** All 64 bits. */
  @Override
  public long largestFlags() {
    return -1;
  }

  /** By the call with a callback: the blocking one keeps the index of a missing key to itself. */
  @Override
  public Answer<Optional<Entry>> get(String key, Query query) {
    CompletableFuture<ConsulResponse<Optional<Value>>> answered = new CompletableFuture<>();
    keys.getValue(
        key,
        options(query),
        new ConsulResponseCallback<>() {
          @Override
          public void onComplete(ConsulResponse<Optional<Value>> answer) {
            answered.complete(answer);
          }

          @Override
          public void onFailure(Throwable failure) {
            answered.completeExceptionally(failure);
          }
        });
    ConsulResponse<Optional<Value>> answer = answered.join();
    return new Answer<>(answer.getIndex().longValueExact(), answer.getResponse().map(ConsulClientLibrary::entry));
  }

  @Override
  public Answer<List<Entry>> list(String prefix, Query query) {
    ConsulResponse<List<Value>> answer = keys.getConsulResponseWithValues(prefix, options(query));
    List<Value> values = Optional.ofNullable(answer.getResponse()).orElse(List.of());
    return new Answer<>(answer.getIndex().longValueExact(), values.stream().map(ConsulClientLibrary::entry).toList());
  }

  private static QueryOptions options(Query query) {
    ImmutableQueryOptions.Builder options = ImmutableQueryOptions.builder();
    if (query.index() > 0) {
      options = QueryOptions.blockSeconds(query.seconds(), BigInteger.valueOf(query.index()));
    }
    if (!query.datacenter().isEmpty()) {
      options.datacenter(query.datacenter());
    }
    return switch (query.mode()) {
      case "consistent" -> options.consistencyMode(ConsistencyMode.CONSISTENT).build();
      case "stale" -> options.consistencyMode(ConsistencyMode.STALE).build();
      default -> options.build();
    };
  }

  private static Entry entry(Value value) {
    return new Entry(
        value.getKey(), value.getValueAsBytes(), value.getFlags(), value.getLockIndex(), value.getSession(), value.getCreateIndex(), value.getModifyIndex());
  }

  @Override
  public List<String> keys(String prefix, String separator) {
    return separator.isEmpty() ? keys.getKeys(prefix) : keys.getKeys(prefix, separator);
  }

  @Override
  public boolean put(String key, byte[] value, Put put) {
    return keys.putValue(key, value, put.flags(), ImmutablePutOptions.builder().cas(put.cas()).acquire(put.acquire()).release(put.release()).build());
  }

  @Override
  public void delete(String key) {
    keys.deleteKey(key);
  }

  @Override
  public void deleteTree(String prefix) {
    keys.deleteKeys(prefix);
  }

  @Override
  public String createSession(Settings settings) {
    ImmutableSession session =
        ImmutableSession.builder()
            .name(Optional.of(settings.name()).filter(not(String::isEmpty)))
            .ttl(Optional.of(settings.ttl()).filter(not(String::isEmpty)))
            .behavior(settings.behavior())
            .lockDelay(settings.lockDelay() + "s")
            .node(settings.node())
            .addAllChecks(List.of(settings.check().orElse("serfHealth")))
            .build();
    return sessions.createSession(session).getId();
  }

  @Override
  public Optional<Session> session(String id) {
    return sessions.getSessionInfo(id).map(ConsulClientLibrary::session);
  }

  private static Session session(SessionInfo info) {
    return new Session(
        info.getId(),
        info.getName().orElse("none"),
        info.getNode(),
        info.getChecks(),
        info.getLockDelay(),
        info.getBehavior(),
        info.getTtl().orElse("none"),
        info.getCreateIndex());
  }

  @Override
  public List<Session> sessions() {
    return sessions.listSessions().stream().map(ConsulClientLibrary::session).toList();
  }

  @Override
  public Session renew(String id) {
    return sessions.renewSession(id).map(ConsulClientLibrary::session).orElseThrow();
  }

  @Override
  public void destroy(String id) {
    sessions.destroySession(id);
  }

  @Override
  public String leader() {
    return consul.statusClient().getLeader();
  }

  @Override
  public List<String> peers() {
    return consul.statusClient().getPeers();
  }

  @Override
  public Agent agent() {
    var agent = consul.agentClient().getAgent();
    var config = agent.getConfig();
    Member member = agent.getMember();
    return new Agent(config.getDatacenter(), config.getNodeName(), config.getServer(), config.getVersion(), member.getName(), member.getStatus());
  }

  @Override
  public List<String> members() {
    return consul.agentClient().getMembers().stream().map(Member::getName).toList();
  }

  @Override
  public List<String> datacenters() {
    return consul.catalogClient().getDatacenters();
  }

  @Override
  public List<String> nodes() {
    return consul.catalogClient().getNodes().getResponse().stream().map(Node::getNode).toList();
  }

  @Override
  public Map<String, List<String>> services() {
    return consul.catalogClient().getServices().getResponse();
  }

  @Override
  public int instances(String service) {
    return consul.healthClient().getAllServiceInstances(service).getResponse().size();
  }

  @Override
  public String refusal(RuntimeException e) {
    Throwable cause = e instanceof CompletionException ? e.getCause() : e;
    Matcher matcher = REFUSAL.matcher(String.valueOf(cause.getMessage()));
    return cause instanceof ConsulException && matcher.find() ? matcher.group(1) + " " + matcher.group(2) : cause.toString();
  }
}
