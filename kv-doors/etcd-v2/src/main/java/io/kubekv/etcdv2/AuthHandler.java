package io.kubekv.etcdv2;

import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;

/**
 * {@code /v2/auth} of an etcd whose authentication is off and has never been set up. Reading works;
 * what would change it is refused.
 */
final class AuthHandler {
  private static final String ROOT_ROLE =
      "{\"role\":\"root\",\"permissions\":{\"kv\":{\"read\":[\"/*\"],\"write\":[\"/*\"]}}}";
  private static final String REFUSED =
      "auth: users and roles are not kept here: kubekv takes them from Kubernetes";

  private final Answers answers;

  AuthHandler(Answers answers) {
    this.answers = answers;
  }

  /** {@code path} is what follows {@code /v2/auth/}. */
  void handle(HttpExchange exchange, String path) {
    switch (path) {
      case "enable" -> enable(exchange);
      case "users", "users/" -> list(exchange, "{\"users\":null}");
      case "roles", "roles/" -> list(exchange, "{\"roles\":[" + ROOT_ROLE + "]}");
      default -> {
        if (path.startsWith("users/")) {
          named(exchange, "User " + path.substring("users/".length()) + " does not exist.");
        } else if (path.startsWith("roles/")) {
          role(exchange, path.substring("roles/".length()));
        } else {
          answers.notFound(exchange);
        }
      }
    }
  }

  private void enable(HttpExchange exchange) {
    switch (exchange.method()) {
      case "GET" -> show(exchange, "{\"enabled\":false}");
      case "PUT" ->
          answers.message(exchange, 409, "auth: No root user available, please create one");
      case "DELETE" -> answers.message(exchange, 409, "auth: already disabled");
      default -> answers.methodNotAllowed(exchange, "GET,PUT,DELETE");
    }
  }

  private void list(HttpExchange exchange, String json) {
    if (exchange.method().equals("GET")) {
      show(exchange, json);
    } else {
      answers.methodNotAllowed(exchange, "GET");
    }
  }

  private void role(HttpExchange exchange, String name) {
    if (name.equals("root") && exchange.method().equals("GET")) {
      show(exchange, ROOT_ROLE);
    } else {
      named(exchange, "Role " + name + " does not exist.");
    }
  }

  private void named(HttpExchange exchange, String missing) {
    switch (exchange.method()) {
      case "GET", "DELETE" -> answers.message(exchange, 404, "auth: " + missing);
      case "PUT" -> answers.message(exchange, 403, REFUSED);
      default -> answers.methodNotAllowed(exchange, "GET,PUT,DELETE");
    }
  }

  private void show(HttpExchange exchange, String json) {
    answers.clusterJson(exchange, 200, Payload.utf8(json + "\n"));
  }
}
