package io.kubekv.consul;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.Header;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * What Consul says of itself beside keys and sessions: one datacenter with one node, which leads,
 * is healthy and has no service but Consul's own. Nothing of it ever changes.
 */
final class AgentHandler {
  /** The check that every node of Consul has. */
  static final String NODE_CHECK = "serfHealth";

  private static final String SERVICE = "consul";
  private static final Header CONSISTENT = new Header("X-Consul-Effective-Consistency", "leader");

  /** The node was registered at this index, before all others, and completed at the next. */
  private static final Revision REGISTERED = new Revision(1);

  private static final Revision COMPLETED = REGISTERED.next();

  private final KeyValueStore store;
  private final BlockingQueries queries;
  private final ConsulSettings settings;

  AgentHandler(KeyValueStore store, BlockingQueries queries, ConsulSettings settings) {
    this.store = store;
    this.queries = queries;
    this.settings = settings;
  }

  private String nodeId() {
    return new UUID(0x6b75_6265_6b76_4000L, store.id() >>> 2 | 1L << 63).toString();
  }

  void leader(Call call) throws ConsulError {
    call.requireDatacenter(settings.datacenter());
    call.answer(Response.json(new Json().string(isReady() ? serverAddress(call) : "")));
  }

  void peers(Call call) throws ConsulError {
    call.requireDatacenter(settings.datacenter());
    Json json = new Json().raw("[");
    if (isReady()) {
      json.string(serverAddress(call));
    }
    call.answer(Response.json(json.raw("]")));
  }

  private boolean isReady() {
    return store.status().ready();
  }

  /** No client speaks to this port, but all expect to see it. */
  private static String serverAddress(Call call) {
    return call.host() + ":8300";
  }

  void self(Call call) {
    Json json = new Json().raw("{\"Config\":{\"Datacenter\":").string(settings.datacenter());
    json.raw(",\"NodeName\":").string(settings.node());
    json.raw(",\"NodeID\":").string(nodeId());
    json.raw(",\"Revision\":\"\",\"Server\":true,\"Version\":").string(settings.version());
    json.raw("},\"DebugConfig\":{},\"Coord\":null,\"Member\":");
    member(json, call);
    json.raw(",\"Stats\":{\"consul\":{\"leader\":").string(String.valueOf(isReady()));
    json.raw(",\"server\":\"true\"}},\"Meta\":{\"consul-network-segment\":\"\"}}");
    call.answer(Response.json(json));
  }

  void members(Call call) {
    Json json = new Json().raw("[");
    member(json, call);
    call.answer(Response.json(json.raw("]")));
  }

  private void member(Json json, Call call) {
    json.raw("{\"Name\":").string(settings.node()).raw(",\"Addr\":").string(call.host());
    json.raw(",\"Port\":8301,\"Tags\":{\"acls\":\"0\",\"bootstrap\":\"1\",\"build\":");
    json.string(settings.version() + ":").raw(",\"dc\":").string(settings.datacenter());
    json.raw(",\"id\":").string(nodeId()).raw(",\"port\":\"8300\",\"raft_vsn\":\"3\"");
    json.raw(",\"role\":\"consul\",\"segment\":\"\",\"vsn\":\"2\",\"vsn_max\":\"3\"");
    json.raw(",\"vsn_min\":\"2\",\"wan_join_port\":\"8302\"}");
    json.raw(",\"Status\":1,\"ProtocolMin\":1,\"ProtocolMax\":5,\"ProtocolCur\":2");
    json.raw(",\"DelegateMin\":2,\"DelegateMax\":5,\"DelegateCur\":4}");
  }

  /** This agent has registered nothing with itself. */
  void nothingRegistered(Call call) {
    call.answer(Response.json(new Json().raw("{}")));
  }

  void datacenters(Call call) {
    Json json = new Json().raw("[").string(settings.datacenter()).raw("]");
    call.answer(Response.json(json));
  }

  void nodes(Call call) throws ConsulError {
    show(call, COMPLETED, (json, host) -> node(json.raw("["), host).raw("]"));
  }

  void services(Call call) throws ConsulError {
    show(call, REGISTERED, (json, host) -> json.raw("{\"" + SERVICE + "\":[]}"));
  }

  /** Of the services it knows only {@code consul}, which no client connects to. */
  void service(Call call) throws ConsulError {
    required(call, "Missing service name");
    show(call, COMPLETED, (json, host) -> json.raw("[]"));
  }

  void nodeHealth(Call call) throws ConsulError {
    boolean own = settings.isNode(required(call, "Missing node name"));
    show(call, REGISTERED, (json, host) -> check(json, own));
  }

  void stateHealth(Call call) throws ConsulError {
    String state = required(call, "Missing check state");
    show(
        call,
        REGISTERED,
        (json, host) -> check(json, state.equals("any") || state.equals("passing")));
  }

  private static String required(Call call, String orElse) throws ConsulError {
    if (call.below().isEmpty()) {
      throw new ConsulError(400, orElse);
    }
    return call.below();
  }

  private Json node(Json json, String host) {
    json.raw("{\"ID\":").string(nodeId()).raw(",\"Node\":").string(settings.node());
    json.raw(",\"Address\":").string(host).raw(",\"Datacenter\":").string(settings.datacenter());
    json.raw(",\"TaggedAddresses\":{\"lan\":").string(host).raw(",\"wan\":").string(host);
    json.raw("},\"Meta\":{\"consul-network-segment\":\"\"}");
    json.raw(",\"CreateIndex\":").number(REGISTERED.value());
    return json.raw(",\"ModifyIndex\":").number(COMPLETED.value()).raw("}");
  }

  private void check(Json json, boolean shown) {
    json.raw("[");
    if (shown) {
      json.raw("{\"Node\":").string(settings.node());
      json.raw(",\"CheckID\":\"" + NODE_CHECK + "\",\"Name\":\"Serf Health Status\"");
      json.raw(",\"Status\":\"passing\",\"Notes\":\"\"");
      json.raw(",\"Output\":\"Agent alive and reachable\",\"ServiceID\":\"\"");
      json.raw(",\"ServiceName\":\"\",\"ServiceTags\":[],\"Definition\":{}");
      json.raw(",\"CreateIndex\":").number(REGISTERED.value());
      json.raw(",\"ModifyIndex\":").number(REGISTERED.value()).raw("}");
    }
    json.raw("]");
  }

  /** Answers from the catalog; who waits for a change waits for as long as he said. */
  private void show(Call call, Revision index, BiConsumer<Json, String> content)
      throws ConsulError {
    ReadOptions options = ReadOptions.of(call.query());
    call.requireDatacenter(settings.datacenter());
    Json json = new Json();
    content.accept(json, call.host());
    Response response = Response.json(json).with(CONSISTENT);
    queries.answer(call, options, () -> Snapshot.exact(index, index, () -> response), Bell.SILENT);
  }
}
