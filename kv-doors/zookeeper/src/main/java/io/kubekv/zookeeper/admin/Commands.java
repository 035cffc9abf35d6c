package io.kubekv.zookeeper.admin;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.SessionKeys;
import io.kubekv.StoreStatus;
import io.kubekv.zookeeper.session.SessionIds;
import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The answers of ZooKeeper's AdminServer, as fields (ZooKeeper 3.8, Commands). */
final class Commands {
  private final ServerFigures server;

  Commands(ServerFigures server) {
    this.server = server;
  }

  /** The answer to one that there is. On the event loop. */
  Map<String, Object> fields(String command) {
    return switch (command) {
      case "ruok" -> new LinkedHashMap<>();
      case "is_read_only" -> of("read_only", false);
      case "server_stats" -> serverStats();
      case "stats" -> stats();
      case "monitor" -> new Monitored(server).fields();
      case "connections" -> connections();
      case "configuration" -> configuration();
      case "environment" -> environment();
      case "dump" -> dump();
      case "watches" -> of("session_id_to_watched_paths", watches());
      case "watches_by_path" -> of("path_to_session_ids", new TreeMap<>(server.watching()));
      case "watch_summary" -> summary();
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Map<String, Object> of(String name, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(name, value);
    return fields;
  }

  private Map<String, Object> serverStats() {
    StoreStatus status = server.store().status();
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("packets_sent", server.sent());
    stats.put("packets_received", server.received());
    stats.put("client_response_stats", server.tally().sizes());
    stats.put("data_dir_size", status.bytes());
    stats.put("server_state", "standalone");
    stats.put("last_processed_zxid", status.revision().value());
    stats.put("outstanding_requests", server.outstanding());
    stats.put("avg_latency", server.tally().mean());
    stats.put("max_latency", server.tally().most());
    stats.put("min_latency", server.tally().least());
    stats.put("num_alive_client_connections", server.clients().get().size());
    stats.put("uptime", server.uptime());
    Map<String, Object> fields = of("version", ServerFigures.VERSION);
    fields.put("read_only", false);
    fields.put("server_stats", stats);
    fields.put("client_response", server.tally().sizes());
    fields.put("node_count", status.entries());
    return fields;
  }

  private Map<String, Object> stats() {
    Map<String, Object> fields = serverStats();
    fields.put("connections", server.clients().get().stream().map(ClientFigures::brief).toList());
    fields.put("secure_connections", List.of());
    return fields;
  }

  private Map<String, Object> connections() {
    Map<String, Object> fields =
        of("connections", server.clients().get().stream().map(ClientFigures::fields).toList());
    fields.put("secure_connections", List.of());
    return fields;
  }

  private Map<String, Object> configuration() {
    long tick = server.tick().toMillis();
    Map<String, Object> fields = of("tick_time", tick);
    fields.put("min_session_timeout", 2 * tick);
    fields.put("max_session_timeout", 20 * tick);
    fields.put("server_id", 0);
    return fields;
  }

  private static Map<String, Object> environment() {
    Map<String, Object> fields = of("zookeeper.version", ServerFigures.VERSION);
    for (String name : List.of("java.version", "java.vendor", "os.name", "os.arch", "os.version")) {
      fields.put(name, System.getProperty(name, ""));
    }
    Runtime memory = Runtime.getRuntime();
    fields.put("os.memory.free", (memory.freeMemory() >> 20) + "MB");
    fields.put("os.memory.max", (memory.maxMemory() >> 20) + "MB");
    fields.put("os.memory.total", (memory.totalMemory() >> 20) + "MB");
    return fields;
  }

  /** Of the sessions of this replica; which nodes end with them is looked up by {@link #ends}. */
  private Map<String, Object> dump() {
    Map<Long, Set<Long>> expiry = new TreeMap<>();
    for (ClientFigures client : server.clients().get()) {
      if (client.session() != 0) {
        expiry.computeIfAbsent(client.ends(), none -> new TreeSet<>()).add(client.session());
      }
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    expiry.forEach((ends, sessions) -> shown.put(ends.toString(), List.copyOf(sessions)));
    return of("expiry_time_to_session_ids", shown);
  }

  /** The nodes that end with each of these sessions. Blocks. */
  Map<String, Object> ends(List<Long> sessions) {
    Map<String, Object> ends = new LinkedHashMap<>();
    for (long session : sessions) {
      SessionKeys keys =
          Await.read(server.store().sessions().keys(SessionIds.session(session), Freshness.STALE));
      List<String> paths = keys.keys().stream().flatMap(key -> Path.of(key).stream()).toList();
      if (!paths.isEmpty()) {
        ends.put(Long.toString(session), paths);
      }
    }
    return ends;
  }

  private Map<String, Object> watches() {
    Map<String, Object> watches = new LinkedHashMap<>();
    server
        .watched()
        .forEach((session, paths) -> watches.put(session.toString(), new ArrayList<>(paths)));
    return watches;
  }

  private Map<String, Object> summary() {
    Map<String, Object> fields = of("num_connections", server.watches().watchers().size());
    fields.put("num_paths", server.watchedPaths());
    fields.put("num_total_watches", server.watchCount());
    return fields;
  }
}
