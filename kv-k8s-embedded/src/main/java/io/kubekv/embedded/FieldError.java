package io.kubekv.embedded;

import java.util.Collection;
import java.util.Iterator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One thing that is wrong with one field of an object, worded as
 * k8s.io/apimachinery/pkg/util/validation/field words it.
 *
 * @param type machine-readable type, the {@code reason} of a Status cause
 * @param field path of the field, such as {@code spec.items[2].name}
 * @param body what is wrong, without the path
 */
record FieldError(Type type, String field, String body) {

  /** The kinds of errors, with the name on the wire and the words for people. */
  enum Type {
    REQUIRED("FieldValueRequired", "Required value"),
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    INVALID("FieldValueInvalid", "Invalid value"),
    TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    TOO_LONG("FieldValueTooLong", "Too long"),
    TOO_MANY("FieldValueTooMany", "Too many");

    private final String wire;
    private final String words;

    Type(String wire, String words) {
      this.wire = wire;
      this.words = words;
    }

    /** The name that clients read. */
    String wire() {
      return wire;
    }
  }

  static FieldError required(String field, String detail) {
    return of(Type.REQUIRED, field, "", detail);
  }

  static FieldError forbidden(String field, String detail) {
    return of(Type.FORBIDDEN, field, "", detail);
  }

  static FieldError duplicate(String field, JsonNode value) {
    return of(Type.DUPLICATE, field, render(value), "");
  }

  static FieldError invalid(String field, JsonNode value, String detail) {
    return of(Type.INVALID, field, render(value), detail);
  }

  static FieldError invalid(String field, String value, String detail) {
    return of(Type.INVALID, field, Statuses.quote(value), detail);
  }

  /** A value of the wrong JSON type; {@code typeName} stands for it in the message. */
  static FieldError typeInvalid(String field, String typeName, String detail) {
    return of(Type.TYPE_INVALID, field, Statuses.quote(typeName), detail);
  }

  static FieldError tooLong(String field, int maxLength) {
    return of(
        Type.TOO_LONG,
        field,
        "",
        "may not be more than " + maxLength + (maxLength == 1 ? " byte" : " bytes"));
  }

  static FieldError tooMany(String field, int actual, int max) {
    return of(
        Type.TOO_MANY,
        field,
        Integer.toString(actual),
        "must have at most " + max + (max == 1 ? " item" : " items"));
  }

  static FieldError notSupported(String field, JsonNode value, Iterable<JsonNode> supported) {
    StringBuilder detail = new StringBuilder("supported values: ");
    for (Iterator<JsonNode> it = supported.iterator(); it.hasNext(); ) {
      JsonNode one = it.next();
      detail.append(Statuses.quote(one.isString() ? one.asString() : one.toString()));
      detail.append(it.hasNext() ? ", " : "");
    }
    return of(Type.NOT_SUPPORTED, field, render(value), detail.toString());
  }

  /** The errors as one text, as the message of an Invalid status has them. */
  static String join(Collection<FieldError> errors) {
    String all =
        errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
    return errors.size() == 1 ? all : "[" + all + "]";
  }

  @Override
  public String toString() {
    return field + ": " + body;
  }

  private static FieldError of(Type type, String field, String value, String detail) {
    String body = type.words;
    body += value.isEmpty() ? "" : ": " + value;
    body += detail.isEmpty() ? "" : ": " + detail;
    return new FieldError(type, field, body);
  }

  private static String render(JsonNode value) {
    return value.isString() ? Statuses.quote(value.asString()) : value.toString();
  }
}
