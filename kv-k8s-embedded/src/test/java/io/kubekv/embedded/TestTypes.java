package io.kubekv.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Resource types and JSON for the tests of the API surface. */
final class TestTypes {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestTypes() {}

  /** JSON written with single quotes, to read well in Java. */
  static JsonNode json(String singleQuoted) {
    return JSON.readTree(singleQuoted.replace('\'', '"'));
  }

  static ObjectNode object(String singleQuoted) {
    return (ObjectNode) json(singleQuoted);
  }

  static JsonNode resource(String name) {
    try (InputStream in = TestTypes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no test resource " + name);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A namespaced type of group kubekv.io with this schema. */
  static ResourceType keyValues(ObjectNode schema) {
    return new ResourceType(
        "kubekv.io",
        "v1",
        "keyvalues",
        "keyvalue",
        "KeyValue",
        "KeyValueList",
        List.of("kv"),
        List.of(),
        true,
        schema,
        List.of(
            new ResourceType.PrinterColumn("Key", "string", "", "The key", 0, ".spec.key"),
            new ResourceType.PrinterColumn("Version", "integer", "", "", 0, ".spec.version"),
            new ResourceType.PrinterColumn("Value", "string", "", "", 1, ".spec.value"),
            new ResourceType.PrinterColumn(
                "Age", "date", "", "", 0, ".metadata.creationTimestamp")),
        List.of(".spec.type"),
        false);
  }

  static ResourceType keyValues() {
    return keyValues(JsonNodeFactory.instance.objectNode());
  }

  static ResourceType namespaces() {
    return new ResourceType(
        "",
        "v1",
        "namespaces",
        "namespace",
        "Namespace",
        "NamespaceList",
        List.of("ns"),
        List.of(),
        false,
        JsonNodeFactory.instance.objectNode(),
        List.of(),
        List.of(),
        true);
  }
}
