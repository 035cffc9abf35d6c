package io.kubekv.zookeeper.admin;

import io.kubekv.StoreException;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.OverLimitException;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's AdminServer below {@code /commands}: JSON as its servers of version 3.8 answer it. A
 * command is answered where its word of four letters is.
 */
public final class AdminPages implements HttpHandler {
  public static final String PATH = "/commands";
  private static final long PATIENCE_SECONDS = 5;
  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final Header ALLOW = new Header("Allow", "GET, HEAD");

  /** Commands by their names, each with its word. */
  private static final Map<String, String> WORDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ruok", "ruok"),
              Map.entry("is_read_only", "isro"),
              Map.entry("server_stats", "srvr"),
              Map.entry("stats", "stat"),
              Map.entry("monitor", "mntr"),
              Map.entry("connections", "cons"),
              Map.entry("configuration", "conf"),
              Map.entry("environment", "envi"),
              Map.entry("dump", "dump"),
              Map.entry("watches", "wchc"),
              Map.entry("watches_by_path", "wchp"),
              Map.entry("watch_summary", "wchs")));

  /** Their other names, which are their words and these. */
  private static final Map<String, String> OTHERS =
      Map.of("config", "configuration", "env", "environment");

  private final ServerFigures server;
  private final Executor loop;
  private final Commands commands;

  /**
   * @param loop where the figures are looked at
   */
  public AdminPages(ServerFigures server, Executor loop) {
    this.server = server;
    this.loop = loop;
    this.commands = new Commands(server);
  }

  @Override
  public void handle(HttpExchange exchange) {
    if (!READS.contains(exchange.method())) {
      exchange.reply(405, List.of(type("text/plain"), ALLOW), Payload.utf8("only GET and HEAD\n"));
      return;
    }
    String name = exchange.path().substring(PATH.length());
    if (name.isEmpty() || name.equals("/")) {
      exchange.reply(200, List.of(type("text/html")), Payload.utf8(links()));
    } else {
      JsonObject answer = new JsonObject(answer(name.substring(1)));
      exchange.reply(200, List.of(type("application/json")), Payload.utf8(answer.encodePrettily()));
    }
  }

  private String links() {
    return WORDS.entrySet().stream()
        .filter(each -> server.answered().contains(each.getValue()))
        .map(each -> "<a href=\"" + PATH + "/" + each.getKey() + "\">" + each.getKey() + "</a>\n")
        .collect(Collectors.joining("<br/>\n"));
  }

  /** What is answered to a command, by one of its names. */
  private Map<String, @Nullable Object> answer(String name) {
    String command = command(name);
    String word = WORDS.get(command);
    if (word == null) {
      return error(name, "Unknown command: " + name);
    }
    if (!server.answered().contains(word)) {
      return error(command, name + " is not executed because it is not in the whitelist.");
    }
    if (!server.store().status().ready()) {
      return error(command, "This ZooKeeper instance is not currently serving requests");
    }
    try {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>(fields(command));
      fields.put("command", command);
      fields.put("error", null);
      return fields;
    } catch (StoreException | CompletionException unavailable) {
      return error(command, "not now: " + unavailable.getMessage());
    }
  }

  private static String command(String name) {
    return WORDS.entrySet().stream()
        .filter(each -> each.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(OTHERS.getOrDefault(name, name));
  }

  private static Map<String, @Nullable Object> error(String command, String why) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("command", command);
    fields.put("error", why);
    return fields;
  }

  /** Figures are looked at on the loop, and the store is asked on this thread, which may wait. */
  private Map<String, Object> fields(String command) {
    if (!command.equals("dump")) {
      return onLoop(command);
    }
    List<Long> sessions =
        CompletableFuture.supplyAsync(
                () ->
                    server.clients().get().stream()
                        .map(ClientFigures::session)
                        .filter(session -> session != 0)
                        .toList(),
                loop)
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
    Map<String, Object> fields = onLoop(command);
    fields.put("session_id_to_ephemeral_paths", commands.ends(sessions));
    return fields;
  }

  private Map<String, Object> onLoop(String command) {
    return CompletableFuture.supplyAsync(() -> commands.fields(command), loop)
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    exchange.reply(429, List.of(type("text/plain")), Payload.utf8(why.getMessage() + "\n"));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    exchange.replyAndClose(
        413, List.of(type("text/plain")), Payload.utf8("no body is wanted here\n"));
  }

  private static Header type(String type) {
    return new Header("Content-Type", type);
  }
}
