package io.kubekv.embedded;

import tools.jackson.databind.JsonNode;

/** The types that a schema can ask for, and which JSON values satisfy each. */
enum JsonType {
  OBJECT("object"),
  ARRAY("array"),
  STRING("string"),
  INTEGER("integer"),
  NUMBER("number"),
  BOOLEAN("boolean"),
  INT_OR_STRING("integer,string"),
  ANY("any");

  private final String word;

  JsonType(String word) {
    this.word = word;
  }

  /** The name that messages use. */
  String word() {
    return word;
  }

  /** Whether a value that is not null has this type; 3.0 is an integer, as for kube-apiserver. */
  boolean accepts(JsonNode value) {
    return switch (this) {
      case OBJECT -> value.isObject();
      case ARRAY -> value.isArray();
      case STRING -> value.isString();
      case INTEGER -> isLong(value);
      case NUMBER -> value.isNumber();
      case BOOLEAN -> value.isBoolean();
      case INT_OR_STRING -> value.isString() || isLong(value);
      case ANY -> true;
    };
  }

  /** The name of the type that this value has. */
  static String nameOf(JsonNode value) {
    if (value.isNull()) {
      return "null";
    }
    for (JsonType type : values()) {
      if (type.accepts(value)) {
        return type.word;
      }
    }
    throw new IllegalArgumentException("not a JSON value: " + value.getNodeType());
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber()
        ? value.canConvertToLong()
        : value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
  }
}
