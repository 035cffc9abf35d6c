package io.kubekv.embedded;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML bodies. Apart, so that its parser is loaded by the first YAML body and not at start.
 */
final class Yaml {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setAllowDuplicateKeys(false)
          .setMaxAliasesForCollections(50)
          .setSchema(new WordsOfVersion11())
          .build();

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

  /**
   * kube-apiserver's parser still takes YAML 1.1's words for truth: a name of {@code y} is none.
   */
  private static final class WordsOfVersion11 extends CoreSchema {
    private static final Set<String> TRUE =
        Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
        Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");

    @Override
    public ScalarResolver getScalarResolver() {
      ScalarResolver others = super.getScalarResolver();
      return (text, plain) ->
          plain && (TRUE.contains(text) || FALSE.contains(text))
              ? Tag.BOOL
              : others.resolve(text, plain);
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      Map<Tag, ConstructNode> all = new HashMap<>(super.getSchemaTagConstructors());
      all.put(Tag.BOOL, node -> TRUE.contains(((ScalarNode) node).getValue()));
      return all;
    }
  }
}
