package io.kubekv.embedded;

import java.nio.charset.StandardCharsets;

/** What is served besides objects: version, health, discovery and OpenAPI. */
final class ServerInfo {
  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

  private final ServedTypes types;

  ServerInfo(ServedTypes types) {
    this.types = types;
  }

  void answer(String path, Answer answer) {
    switch (path) {
      case "/healthz", "/livez", "/readyz" -> answer.bytes(200, "text/plain; charset=utf-8", OK);
      case "/version", "/version/" -> answer.json(200, version());
      default -> throw Statuses.unknownPath();
    }
  }

  /** The version whose behaviour is emulated, in the form that kubectl reads. */
  private static tools.jackson.databind.JsonNode version() {
    return ObjectJson.MAPPER
        .createObjectNode()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", "v1.32.3+kubekv")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "javac")
        .put("platform", "jvm");
  }
}
