package io.kubekv.etcdv3;

import io.kubekv.transport.http.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An HTTP request to either side, and what of its answer must be the same: not ids, positions of
 * logs and revisions, and not whether Go's writer puts spaces between tokens.
 */
record Exchange(String method, String target, List<String> headers, String body) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> SHOWN =
      Set.of(
          "content-type",
          "x-content-type-options",
          "allow",
          "location",
          "grpc-metadata-content-type",
          "www-authenticate",
          "access-control-allow-origin");
  private static final Set<String> OWN =
      Set.of(
          "cluster_id",
          "member_id",
          "raft_term",
          "revision",
          "create_revision",
          "mod_revision",
          "compact_revision");

  static Exchange post(String target, String body) {
    return new Exchange("POST", target, List.of(), body);
  }

  static Exchange of(String method, String target) {
    return new Exchange(method, target, List.of(), "");
  }

  Exchange with(String... more) {
    return new Exchange(method, target, List.of(more), body);
  }

  /** What was answered. */
  record Answer(int status, Map<String, String> headers, String body) {}

  /** Sends it; the body as one byte for each character. */
  RawHttp sent(Side side) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: store.test:2379\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    if (!method.equals("GET") && !method.equals("HEAD") || !body.isEmpty()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return side.served().http().send(head.append("\r\n").append(body).toString());
  }

  Answer asked(Side side) throws IOException {
    try (RawHttp http = sent(side)) {
      RawHttp.Answer head = http.head();
      return shown(method.equals("HEAD") ? head : http.body(head));
    }
  }

  static Answer shown(RawHttp.Answer answer) {
    TreeMap<String, String> headers = new TreeMap<>(answer.headers());
    headers.keySet().retainAll(SHOWN);
    return new Answer(answer.status(), headers, shown(answer.body()));
  }

  /** As far as it must be the same. */
  static String shown(String body) {
    if (!body.startsWith("{")) {
      return body;
    }
    List<String> lines = new ArrayList<>();
    for (String line : body.split("\n", -1)) {
      lines.add(line.startsWith("{") ? masked(JSON.readTree(line)).toString() : line);
    }
    // a reader of Go's says "proto:" with one of two spaces, to be depended on by nobody
    return String.join("\n", lines).replace('\u00a0', ' ');
  }

  private static JsonNode masked(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        if (OWN.contains(name)) {
          // what is left out is 0
          object.remove(name);
        } else {
          masked(object.get(name));
        }
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(Exchange::masked);
    }
    return node;
  }

  static String base64(String text) {
    return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
