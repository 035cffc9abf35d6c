package io.kubekv.zookeeper.admin;

import io.kubekv.StoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the command {@code monitor} shows of the server itself, as exporters read it. */
final class Monitored {
  private final ServerFigures server;

  Monitored(ServerFigures server) {
    this.server = server;
  }

  Map<String, Object> fields() {
    StoreStatus status = server.store().status();
    long sessions = server.clients().get().stream().filter(each -> each.session() != 0).count();
    Tally tally = server.tally();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", ServerFigures.VERSION);
    fields.put("server_state", "standalone");
    fields.put("num_alive_connections", server.clients().get().size());
    fields.put("avg_latency", tally.mean());
    fields.put("outstanding_requests", server.outstanding());
    fields.put("znode_count", status.entries());
    fields.put("global_sessions", sessions);
    fields.put("last_client_response_size", tally.lastBytes());
    fields.put("packets_sent", server.sent());
    fields.put("packets_received", server.received());
    fields.put("max_client_response_size", tally.mostBytes());
    fields.put("watch_count", server.watchCount());
    fields.put("min_latency", tally.least());
    fields.put("approximate_data_size", status.bytes());
    fields.put("uptime", server.uptime());
    fields.put("max_latency", tally.most());
    fields.put("min_client_response_size", tally.leastBytes());
    return fields;
  }
}
