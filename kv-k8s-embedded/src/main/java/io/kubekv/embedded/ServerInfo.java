package io.kubekv.embedded;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is served besides objects: version, health, discovery and OpenAPI. The documents are made
 * when they are first asked for, and again when the served types have changed. Belongs to the event
 * loop.
 */
final class ServerInfo {
  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);
  private static final String OPENAPI_V3 = "/openapi/v3/";
  private static final String JSON = "application/json";

  /** Not the name that clients ask for: the @ in it is no valid media type to answer with. */
  private static final String PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final ServedTypes types;
  private Documents documents;

  /** The documents about one state of the catalogue; those of OpenAPI are dear and made late. */
  private static final class Documents {
    final List<ResourceType> types;
    final Discovery discovery;
    private Optional<OpenApi2> v2 = Optional.empty();
    private Optional<OpenApi3> v3 = Optional.empty();

    Documents(List<ResourceType> types) {
      this.types = types;
      this.discovery = new Discovery(types);
    }

    OpenApi2 v2() {
      OpenApi2 made = v2.orElseGet(() -> new OpenApi2(types));
      v2 = Optional.of(made);
      return made;
    }

    OpenApi3 v3() {
      OpenApi3 made = v3.orElseGet(() -> new OpenApi3(types));
      v3 = Optional.of(made);
      return made;
    }
  }

  ServerInfo(ServedTypes types) {
    this.types = types;
    this.documents = new Documents(types.all());
  }

  /** Answers a GET of this path, or throws the refusal. */
  @SuppressWarnings("ReferenceEquality") // they are replaced as a whole
  void answer(Exchange exchange, String path, Answer answer) {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw Statuses.methodNotAllowed();
    }
    if (documents.types != types.all()) {
      documents = new Documents(types.all());
    }
    String accept = Optional.ofNullable(exchange.header("Accept")).orElse("");
    String exact =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    switch (exact) {
      case "/healthz", "/livez", "/readyz" -> answer.bytes(200, "text/plain; charset=utf-8", OK);
      case "/version" -> answer.json(200, Discovery.version());
      case "/api", "/apis" -> groups(exchange, exact.equals("/api"), accept, answer);
      case "/openapi/v2" -> openApi2(accept, answer);
      case "/openapi/v3" -> answer.json(200, documents.v3().root());
      default -> document(exact, answer);
    }
  }

  private void groups(Exchange exchange, boolean core, String accept, Answer answer) {
    Optional<String> aggregated = Negotiation.discovery(accept);
    if (aggregated.isPresent()) {
      byte[] body =
          ObjectJson.MAPPER.writeValueAsBytes(
              documents.discovery.aggregated(core, aggregated.get()));
      answer.bytes(200, Negotiation.discoveryType(aggregated.get()), body);
    } else if (core) {
      String address = Optional.ofNullable(exchange.header("Host")).orElse("127.0.0.1");
      answer.json(200, documents.discovery.coreVersions(address));
    } else {
      answer.json(200, documents.discovery.groupList());
    }
  }

  private void openApi2(String accept, Answer answer) {
    OpenApi2 document = documents.v2();
    if (Negotiation.wantsProtobufOpenApi(accept)) {
      answer.bytes(200, PROTOBUF, document.protobuf());
    } else {
      answer.json(200, document.json());
    }
  }

  private void document(String path, Answer answer) {
    if (path.startsWith(OPENAPI_V3)) {
      byte[] body =
          documents
              .v3()
              .document(path.substring(OPENAPI_V3.length()))
              .orElseThrow(Statuses::unknownPath);
      answer.bytes(200, JSON, body);
      return;
    }
    String[] parts = path.split("/", -1);
    Optional<ObjectNode> found = Optional.empty();
    if (parts.length == 3 && parts[1].equals("api")) {
      found = documents.discovery.resourceList("", parts[2]);
    } else if (parts.length == 3 && parts[1].equals("apis")) {
      found = documents.discovery.group(parts[2]);
    } else if (parts.length == 4 && parts[1].equals("apis")) {
      found = documents.discovery.resourceList(parts[2], parts[3]);
    }
    answer.json(200, found.orElseThrow(Statuses::unknownPath));
  }
}
