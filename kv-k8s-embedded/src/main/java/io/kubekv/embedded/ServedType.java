package io.kubekv.embedded;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource type with what it takes to serve it.
 *
 * @param type what clients see of it
 * @param rules how its objects differ from those of other types when written
 * @param table where its objects are
 * @param schema its schema, compiled
 * @param output its printer columns, compiled
 */
record ServedType(
    ResourceType type,
    Rules rules,
    ObjectTable table,
    StructuralSchema schema,
    TableOutput output) {

  /** The differences between types in what the API server makes of a write. */
  enum Rules {
    CUSTOM_RESOURCE(false, false, true),
    DEFINITION(false, false, true),
    LEASE(false, true, false),
    NAMESPACE(true, false, false);

    private final boolean unconditionalUpdate;
    private final boolean createOnUpdate;
    private final boolean generation;

    Rules(boolean unconditionalUpdate, boolean createOnUpdate, boolean generation) {
      this.unconditionalUpdate = unconditionalUpdate;
      this.createOnUpdate = createOnUpdate;
      this.generation = generation;
    }

    /** Whether a PUT without a resourceVersion overwrites whatever is there. */
    boolean unconditionalUpdate() {
      return unconditionalUpdate;
    }

    /** Whether a PUT of a missing object creates it. */
    boolean createOnUpdate() {
      return createOnUpdate;
    }

    /** Whether metadata.generation counts the changes of everything but metadata and status. */
    boolean generation() {
      return generation;
    }
  }

  static ServedType of(ResourceType type, Rules rules, ObjectStore store) {
    String resource = type.group() + "/" + type.plural();
    return new ServedType(
        type,
        rules,
        store.table(resource),
        StructuralSchema.compile(type.schema()),
        new TableOutput(type));
  }

  /** Throws the 422 that names everything that is wrong with the object. */
  void validate(ObjectNode object) {
    List<FieldError> errors = schema.validate(object);
    if (!errors.isEmpty()) {
      String name = object.path("metadata").path("name").asString("");
      throw Statuses.invalid(type, name, errors);
    }
  }
}
