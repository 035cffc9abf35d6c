package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a CustomResourceDefinition can be served: the rules of apiextensions.k8s.io/v1 for names,
 * versions, schemas, columns and selectable fields, and refusals by name of what this server does
 * not do (conversion, the scale subresource, several served versions, CEL).
 */
final class DefinitionRules {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern KIND = Pattern.compile("[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?");
  private static final Pattern GROUP =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+");
  private static final Set<String> COLUMN_TYPES =
      Set.of("integer", "number", "string", "boolean", "date");
  private static final Set<String> SELECTABLE_TYPES = Set.of("string", "boolean", "integer");
  private static final int MAX_SELECTABLE = 8;

  private final List<FieldError> errors = new ArrayList<>();

  private DefinitionRules() {}

  /** Everything wrong with the definition; its names must have been completed before. */
  static List<FieldError> check(ObjectNode definition) {
    DefinitionRules rules = new DefinitionRules();
    JsonNode spec = definition.path("spec");
    rules.names(definition.at("/metadata/name").asString(""), spec);
    rules.versions(spec.path("versions"));
    if (!spec.at("/conversion/strategy").asString("None").equals("None")) {
      rules.forbid("spec.conversion.strategy", "this server converts nothing: use None");
    }
    if (spec.path("preserveUnknownFields").asBoolean(false)) {
      rules.forbid("spec.preserveUnknownFields", "must be false: set it in the schema");
    }
    return List.copyOf(rules.errors);
  }

  private void names(String name, JsonNode spec) {
    String group = spec.path("group").asString("");
    JsonNode names = spec.path("names");
    String plural = names.path("plural").asString("");
    if (!name.equals(plural + "." + group)) {
      errors.add(
          FieldError.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    }
    match("spec.group", group, GROUP, "must be a domain with at least one dot");
    match("spec.names.plural", plural, LABEL, "must be a lower-case DNS label");
    match("spec.names.singular", names.path("singular").asString(""), LABEL, "must be a DNS label");
    for (String kind : List.of("kind", "listKind")) {
      match("spec.names." + kind, names.path(kind).asString(""), KIND, "must be in CamelCase");
    }
    for (JsonNode shortName : names.path("shortNames")) {
      match("spec.names.shortNames", shortName.asString(""), LABEL, "must be a DNS label");
    }
    if (!Set.of("Namespaced", "Cluster").contains(spec.path("scope").asString(""))) {
      List<JsonNode> scopes = List.of(text("Cluster"), text("Namespaced"));
      errors.add(FieldError.notSupported("spec.scope", spec.path("scope"), scopes));
    }
  }

  private void versions(JsonNode versions) {
    int storage = 0;
    int served = 0;
    boolean storageServed = false;
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < versions.size(); i++) {
      String path = "spec.versions[" + i + "]";
      JsonNode version = versions.get(i);
      String name = version.path("name").asString("");
      match(path + ".name", name, LABEL, "must be a DNS label");
      if (!seen.add(name)) {
        errors.add(FieldError.duplicate(path + ".name", text(name)));
      }
      boolean stores = version.path("storage").asBoolean(false);
      boolean serves = version.path("served").asBoolean(false);
      storage += stores ? 1 : 0;
      served += serves ? 1 : 0;
      storageServed |= stores && serves;
      version(version, path);
    }
    if (storage != 1) {
      String why = "must have exactly one version marked as storage version";
      errors.add(FieldError.invalid("spec.versions", versions, why));
    } else if (served > 1 || !storageServed) {
      forbid("spec.versions", "this server serves the storage version and no other");
    }
  }

  private void version(JsonNode version, String path) {
    JsonNode schema = version.at("/schema/openAPIV3Schema");
    String schemaPath = path + ".schema.openAPIV3Schema";
    if (schema.isObject()) {
      errors.addAll(SchemaRules.check(schema, schemaPath));
    } else {
      errors.add(FieldError.required(schemaPath, "schemas are required"));
    }
    if (version.path("subresources").has("scale")) {
      forbid(path + ".subresources.scale", "this server has no scale subresource");
    }
    columns(version.path("additionalPrinterColumns"), path + ".additionalPrinterColumns");
    selectable(version.path("selectableFields"), schema, path + ".selectableFields");
  }

  private void columns(JsonNode columns, String path) {
    for (int i = 0; i < columns.size(); i++) {
      String at = path + "[" + i + "]";
      JsonNode column = columns.get(i);
      if (column.path("name").asString("").isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      }
      String type = column.path("type").asString("");
      if (!COLUMN_TYPES.contains(type)) {
        String why = "must be one of boolean, date, integer, number, string";
        errors.add(FieldError.invalid(at + ".type", type, why));
      }
      jsonPath(column.path("jsonPath").asString(""), at + ".jsonPath");
    }
  }

  private void selectable(JsonNode fields, JsonNode schema, String path) {
    if (fields.size() > MAX_SELECTABLE) {
      errors.add(FieldError.tooMany(path, fields.size(), MAX_SELECTABLE));
    }
    for (int i = 0; i < fields.size(); i++) {
      String at = path + "[" + i + "].jsonPath";
      String jsonPath = fields.get(i).path("jsonPath").asString("");
      JsonNode field = schema;
      for (String name : jsonPath.replaceFirst("^\\.", "").split("\\.", -1)) {
        field = field.path("properties").path(name);
      }
      if (!jsonPath.startsWith(".") || jsonPath.startsWith(".metadata.")) {
        errors.add(FieldError.invalid(at, jsonPath, "must name a field like .spec.type"));
      } else if (!SELECTABLE_TYPES.contains(field.path("type").asString(""))) {
        String why = "must point to a field of type string, boolean or integer";
        errors.add(FieldError.invalid(at, jsonPath, why));
      }
    }
  }

  private void jsonPath(String jsonPath, String path) {
    try {
      if (jsonPath.isEmpty()) {
        errors.add(FieldError.required(path, ""));
      }
      JsonPath.compile(jsonPath);
    } catch (IllegalArgumentException e) {
      errors.add(FieldError.invalid(path, jsonPath, String.valueOf(e.getMessage())));
    }
  }

  private void match(String path, String value, Pattern pattern, String why) {
    if (value.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!pattern.matcher(value).matches()) {
      errors.add(FieldError.invalid(path, value, why));
    }
  }

  private void forbid(String path, String why) {
    errors.add(FieldError.forbidden(path, why));
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }
}
