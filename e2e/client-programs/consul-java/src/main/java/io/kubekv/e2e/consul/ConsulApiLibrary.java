package io.kubekv.e2e.consul;

import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.OperationException;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;
import com.ecwid.consul.v1.agent.model.Member;
import com.ecwid.consul.v1.agent.model.Self;
import com.ecwid.consul.v1.catalog.CatalogNodesRequest;
import com.ecwid.consul.v1.catalog.CatalogServiceRequest;
import com.ecwid.consul.v1.catalog.CatalogServicesRequest;
import com.ecwid.consul.v1.catalog.model.Node;
import com.ecwid.consul.v1.kv.model.GetBinaryValue;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.ecwid.consul.v1.kv.model.PutParams;
import com.ecwid.consul.v1.session.model.NewSession;
import com.ecwid.consul.v1.session.model.Session.Behavior;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** consul-api of Ecwid. */
final class ConsulApiLibrary implements Client {
  private final ConsulClient consul;

  ConsulApiLibrary(ConsulClient consul) {
    this.consul = consul;
  }

  @Override
  public String name() {
    return "consul-api";
  }

  /** It takes flags for signed. */
  @Override
  public long largestFlags() {
    return Long.MAX_VALUE;
  }

  /** The library leaves it to its users to encode a key for the URL. */
  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  @Override
  public Answer<Optional<Entry>> get(String key, Query query) {
    Response<GetBinaryValue> answer = consul.getKVBinaryValue(encoded(key), params(query));
    return new Answer<>(answer.getConsulIndex(), Optional.ofNullable(answer.getValue()).map(ConsulApiLibrary::entry));
  }

  private static Entry entry(GetBinaryValue value) {
    return new Entry(
        value.getKey(),
        Optional.ofNullable(value.getValue()),
        value.getFlags(),
        value.getLockIndex(),
        Optional.ofNullable(value.getSession()),
        value.getCreateIndex(),
        value.getModifyIndex());
  }

  @Override
  public Answer<List<Entry>> list(String prefix, Query query) {
    Response<List<GetValue>> answer = consul.getKVValues(encoded(prefix), params(query));
    List<GetValue> values = Optional.ofNullable(answer.getValue()).orElse(List.of());
    return new Answer<>(answer.getConsulIndex(), values.stream().map(ConsulApiLibrary::entry).toList());
  }

  private static Entry entry(GetValue value) {
    return new Entry(
        value.getKey(),
        Optional.ofNullable(value.getValue()).map(Base64.getDecoder()::decode),
        value.getFlags(),
        value.getLockIndex(),
        Optional.ofNullable(value.getSession()),
        value.getCreateIndex(),
        value.getModifyIndex());
  }

  static QueryParams params(Query query) {
    QueryParams.Builder params = QueryParams.Builder.builder().setConsistencyMode(ConsistencyMode.valueOf(query.mode().toUpperCase(Locale.ROOT)));
    if (query.index() > 0) {
      params.setIndex(query.index()).setWaitTime(query.seconds());
    }
    if (!query.datacenter().isEmpty()) {
      params.setDatacenter(query.datacenter());
    }
    return params.build();
  }

  @Override
  public List<String> keys(String prefix, String separator) {
    List<String> keys = consul.getKVKeysOnly(encoded(prefix), separator.isEmpty() ? null : separator, null).getValue();
    return keys == null ? List.of() : keys;
  }

  @Override
  public boolean put(String key, byte[] value, Put put) {
    PutParams params = new PutParams();
    params.setFlags(put.flags());
    put.cas().ifPresent(params::setCas);
    put.acquire().ifPresent(params::setAcquireSession);
    put.release().ifPresent(params::setReleaseSession);
    return consul.setKVBinaryValue(encoded(key), value, params).getValue();
  }

  @Override
  public void delete(String key) {
    consul.deleteKVValue(encoded(key));
  }

  @Override
  public void deleteTree(String prefix) {
    consul.deleteKVValues(encoded(prefix));
  }

  @Override
  public String createSession(Settings settings) {
    NewSession session = new NewSession();
    session.setName(settings.name());
    session.setTtl(settings.ttl());
    settings.behavior().ifPresent(text -> session.setBehavior(Behavior.valueOf(text.toUpperCase(Locale.ROOT))));
    session.setLockDelay(settings.lockDelay());
    settings.node().ifPresent(session::setNode);
    settings.check().ifPresent(check -> session.setChecks(List.of(check)));
    return consul.sessionCreate(session, QueryParams.DEFAULT).getValue();
  }

  @Override
  public Optional<Session> session(String id) {
    return Optional.ofNullable(consul.getSessionInfo(id, QueryParams.DEFAULT).getValue()).map(ConsulApiLibrary::session);
  }

  private static Session session(com.ecwid.consul.v1.session.model.Session session) {
    return new Session(
        session.getId(),
        session.getName(),
        session.getNode(),
        session.getChecks(),
        session.getLockDelay(),
        session.getBehavior().name().toLowerCase(Locale.ROOT),
        session.getTtl(),
        session.getCreateIndex());
  }

  @Override
  public List<Session> sessions() {
    return consul.getSessionList(QueryParams.DEFAULT).getValue().stream().map(ConsulApiLibrary::session).toList();
  }

  @Override
  public Session renew(String id) {
    return session(consul.renewSession(id, QueryParams.DEFAULT).getValue());
  }

  @Override
  public void destroy(String id) {
    consul.sessionDestroy(id, QueryParams.DEFAULT);
  }

  @Override
  public String leader() {
    return consul.getStatusLeader().getValue();
  }

  @Override
  public List<String> peers() {
    return consul.getStatusPeers().getValue();
  }

  @Override
  public Agent agent() {
    Self self = consul.getAgentSelf().getValue();
    Self.Config config = self.getConfig();
    Member member = self.getMember();
    return new Agent(config.getDatacenter(), config.getNodeName(), config.isServer(), config.getVersion(), member.getName(), member.getStatus());
  }

  @Override
  public List<String> members() {
    return consul.getAgentMembers().getValue().stream().map(Member::getName).toList();
  }

  @Override
  public List<String> datacenters() {
    return consul.getCatalogDatacenters().getValue();
  }

  @Override
  public List<String> nodes() {
    return consul.getCatalogNodes(CatalogNodesRequest.newBuilder().build()).getValue().stream().map(Node::getNode).toList();
  }

  @Override
  public Map<String, List<String>> services() {
    return consul.getCatalogServices(CatalogServicesRequest.newBuilder().build()).getValue();
  }

  @Override
  public int instances(String service) {
    return consul.getCatalogService(service, CatalogServiceRequest.newBuilder().build()).getValue().size();
  }

  @Override
  public String refusal(RuntimeException e) {
    return e instanceof OperationException refusal ? refusal.getStatusCode() + " " + refusal.getStatusContent() : e.toString();
  }
}
