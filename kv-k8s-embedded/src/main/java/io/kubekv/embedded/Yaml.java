package io.kubekv.embedded;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML bodies. Apart, so that its parser is loaded by the first YAML body and not at start.
 */
final class Yaml {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setAllowDuplicateKeys(false).setMaxAliasesForCollections(50).build();

  private Yaml() {}

  /** Reads one YAML document; throws the 400 when it is not valid. */
  static JsonBody read(byte[] body) {
    try {
      Object document = new Load(SETTINGS).loadFromInputStream(new ByteArrayInputStream(body));
      return new JsonBody(ObjectJson.MAPPER.valueToTree(document), List.of());
    } catch (YamlEngineException e) {
      throw Statuses.badRequest("error converting YAML to JSON: " + e.getMessage());
    }
  }
}
