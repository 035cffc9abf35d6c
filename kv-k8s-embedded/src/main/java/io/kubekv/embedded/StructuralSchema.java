package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of one resource type, compiled once and applied to every object that is written:
 * {@link #normalize} first, {@link #validate} after it. Immutable and safe for use by many threads.
 *
 * <p>Emulates the structural schemas of apiextensions.k8s.io/v1: fields that the schema does not
 * name are dropped, nulls of fields that are not nullable are dropped, defaults are filled in, and
 * then every rule is checked. {@code apiVersion}, {@code kind} and the fields of ObjectMeta are
 * always known.
 */
final class StructuralSchema {
  private final SchemaNode root;

  private StructuralSchema(SchemaNode root) {
    this.root = root;
  }

  /**
   * Compiles a schema that {@link SchemaRules} accepts. An empty one knows no more than the fields
   * every object has, and keeps everything else.
   */
  static StructuralSchema compile(ObjectNode schema) {
    return new StructuralSchema(SchemaCompiler.compile(ObjectMetaSchema.completed(schema)));
  }

  /**
   * Drops what the schema does not know and fills in defaults, in place.
   *
   * @return paths of the unknown fields that were dropped, for {@link FieldValidation}
   */
  List<String> normalize(ObjectNode object) {
    List<String> unknown = new ArrayList<>(0);
    root.normalize(object, new FieldPath(), unknown);
    return unknown;
  }

  /** Everything that is wrong with the object; empty when it may be stored. */
  List<FieldError> validate(ObjectNode object) {
    List<FieldError> errors = new ArrayList<>(0);
    root.validate(object, new FieldPath(), errors);
    return errors;
  }
}
