package io.kubekv.cli.terminal;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Objects as YAML. Loaded only where somebody asks for it. */
final class Yaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder().enable(YAMLWriteFeature.MINIMIZE_QUOTES).build();

  private Yaml() {}

  /** One document, its beginning marked, so that several can follow each other. */
  static String document(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }
}
