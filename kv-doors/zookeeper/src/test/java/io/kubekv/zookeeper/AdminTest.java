package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.HttpListener;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.admin.Commands;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AdminServer's answers, beside those of a real server. */
class AdminTest {
  private static final String[] ALL = {
    "ruok", "srvr", "stat", "mntr", "conf", "cons", "dump", "wchs", "wchc", "wchp", "isro", "envi"
  };
  private static final List<String> COMMANDS =
      List.of(
          "ruok",
          "is_read_only",
          "server_stats",
          "stats",
          "monitor",
          "connections",
          "configuration",
          "environment",
          "dump",
          "watches",
          "watches_by_path",
          "watch_summary");

  /** As a server of 3.8.0 shows them in JSON. */
  private static final Set<String> SERVER_STATS =
      Set.of(
          "packets_sent",
          "packets_received",
          "client_response_stats",
          "data_dir_size",
          "server_state",
          "last_processed_zxid",
          "outstanding_requests",
          "avg_latency",
          "max_latency",
          "min_latency",
          "num_alive_client_connections",
          "uptime");

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> get(HttpListener pages, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + pages.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private Map<String, Object> ask(HttpListener pages, String command) throws Exception {
    return json(pages, command).getMap();
  }

  private JsonObject json(HttpListener pages, String command) throws Exception {
    HttpResponse<String> answer = get(pages, "/commands/" + command);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    return new JsonObject(answer.body());
  }

  /** A session that waits for something, and has a node that ends with it. */
  private static void use(ZooKeeper client) throws Exception {
    client.create("/e", new byte[1], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    client.exists("/w", event -> {});
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Number number -> "number";
      case Date date -> "number";
      case Boolean is -> "truth";
      case String text -> "text";
      case InetSocketAddress address -> "text";
      case Collection<?> several -> "list";
      default -> "fields";
    };
  }

  /** Each field is one of the real server's, and of the kind that it is there. */
  private static void areFields(Map<?, ?> own, Map<?, ?> real, String where) {
    own.forEach(
        (name, value) -> {
          assertThat(real.containsKey(name)).as(where + " " + name).isTrue();
          assertThat(kind(value)).as(where + " " + name).isEqualTo(kind(real.get(name)));
          if (value instanceof List<?> list
              && real.get(name) instanceof Collection<?> others
              && !list.isEmpty()
              && list.get(0) instanceof Map<?, ?> first) {
            areFields(first, (Map<?, ?>) others.iterator().next(), where + " " + name);
          }
        });
  }

  @Test
  void commands_haveTheFieldsOfARealServer() throws Exception {
    try (RealServer server = RealServer.start(folder);
        DoorUnderTest door = DoorUnderTest.answering(ALL);
        HttpListener pages = door.operations();
        Notes there = new Notes(server);
        Notes here = new Notes(door)) {
      use(there.session());
      use(here.session());

      for (String command : COMMANDS) {
        Map<String, Object> real = Commands.runCommand(command, server.server(), Map.of()).toMap();
        Map<String, Object> own = ask(pages, command);

        assertThat(own).as(command).containsEntry("command", command).containsEntry("error", null);
        areFields(own, real, command);
        assertThat(own.size()).as(command).isGreaterThanOrEqualTo(Math.min(real.size(), 5));
      }
    }
  }

  @Test
  void figures_areThoseOfTheDoor() throws Exception {
    try (DoorUnderTest door = DoorUnderTest.answering(ALL);
        HttpListener pages = door.operations();
        Notes here = new Notes(door)) {
      ZooKeeper client = here.session();
      use(client);
      String session = Long.toString(client.getSessionId());

      assertThat(ask(pages, "dump").get("session_id_to_ephemeral_paths"))
          .isEqualTo(Map.of(session, List.of("/e")));
      assertThat(ask(pages, "watches").get("session_id_to_watched_paths"))
          .isEqualTo(Map.of(session, List.of("/w")));
      assertThat(ask(pages, "watches_by_path").get("path_to_session_ids"))
          .isEqualTo(Map.of("/w", List.of(client.getSessionId())));
      assertThat(ask(pages, "watch_summary"))
          .containsEntry("num_connections", 1)
          .containsEntry("num_paths", 1)
          .containsEntry("num_total_watches", 1);
      assertThat(ask(pages, "configuration")).containsEntry("tick_time", 3000);
      JsonObject stats = json(pages, "srvr").getJsonObject("server_stats");
      assertThat(stats.fieldNames()).isEqualTo(SERVER_STATS);
      assertThat(stats.getInteger("num_alive_client_connections")).isEqualTo(1);
      Map<String, Object> connection =
          json(pages, "cons").getJsonArray("connections").getJsonObject(0).getMap();
      assertThat(connection.get("session_id")).isEqualTo(client.getSessionId());
      assertThat(connection.get("last_operation")).isEqualTo("EXIS");
      assertThat(connection.get("session_timeout")).isEqualTo(client.getSessionTimeout());
    }
  }

  @Test
  void command_isAnswered_whereItsWordIs() throws Exception {
    try (DoorUnderTest door = DoorUnderTest.answering("srvr");
        HttpListener pages = door.operations()) {
      assertThat(ask(pages, "mntr"))
          .containsEntry("command", "monitor")
          .containsEntry("error", "mntr is not executed because it is not in the whitelist.")
          .hasSize(2);
      assertThat(ask(pages, "server_stats")).containsEntry("error", null);
      assertThat(ask(pages, "nothing"))
          .containsEntry("error", "Unknown command: nothing")
          .hasSize(2);
      assertThat(get(pages, "/commands").body())
          .isEqualTo("<a href=\"/commands/server_stats\">server_stats</a>\n");
      assertThat(get(pages, "/commandsx").statusCode()).isEqualTo(404);
      assertThat(get(pages, "/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void json_isWrittenAsByARealServer() throws Exception {
    try (DoorUnderTest door = DoorUnderTest.answering("ruok");
        HttpListener pages = door.operations()) {
      assertThat(get(pages, "/commands/ruok").body())
          .isEqualTo("{\n  \"command\" : \"ruok\",\n  \"error\" : null\n}");
    }
  }
}
