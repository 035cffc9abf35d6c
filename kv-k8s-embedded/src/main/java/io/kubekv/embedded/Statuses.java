package io.kubekv.embedded;

import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code Status} answers of the API, with the codes, reasons, details and words of
 * kube-apiserver (k8s.io/apimachinery/pkg/api/errors). Clients decide by code, reason and causes;
 * people read the message.
 *
 * <p>Every method returns the refusal; the caller throws it.
 */
final class Statuses {
  /** What a writer is told whose resourceVersion is not the current one. */
  static final String MODIFIED =
      "the object has been modified; please apply your changes to the latest version and try again";

  /** What a reader is told whose continue token has outlived its snapshot. */
  static final String CONTINUE_EXPIRED =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter.";

  private Statuses() {}

  static ApiException notFound(ResourceType type, String name) {
    return about(404, "NotFound", type, name, named(type, name) + " not found");
  }

  /** A path or a resource type that is not served. */
  static ApiException unknownPath() {
    ObjectNode status =
        failure(404, "NotFound", "the server could not find the requested resource");
    status.putObject("details");
    return new ApiException(status);
  }

  static ApiException alreadyExists(ResourceType type, String name) {
    return about(409, "AlreadyExists", type, name, named(type, name) + " already exists");
  }

  /** A lost race or an unmet precondition; {@code why} is often {@link #MODIFIED}. */
  static ApiException conflict(ResourceType type, String name, String why) {
    String message = "Operation cannot be fulfilled on " + named(type, name) + ": " + why;
    return about(409, "Conflict", type, name, message);
  }

  /** Fields owned by other managers: the answer to a server-side apply without force. */
  static ApiException applyConflict(List<Cause> causes, String message) {
    ObjectNode status = failure(409, "Conflict", message);
    addCauses(status.putObject("details"), causes);
    return new ApiException(status);
  }

  static ApiException forbidden(ResourceType type, String name, String why) {
    String message = named(type, name) + " is forbidden: " + why;
    return about(403, "Forbidden", type, name, message);
  }

  /** An object that breaks its schema or the rules for metadata; all errors at once. */
  static ApiException invalid(ResourceType type, String name, Collection<FieldError> errors) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    String message = kind + " " + quote(name) + " is invalid: " + FieldError.join(errors);
    ObjectNode status = failure(422, "Invalid", message);
    ObjectNode details = details(status, type.group(), type.kind(), name);
    addCauses(
        details,
        errors.stream().map(e -> new Cause(e.type().wire(), e.body(), e.field())).toList());
    return new ApiException(status);
  }

  /** A patch that cannot be applied to the object as it is. */
  static ApiException unprocessable(String message) {
    return new ApiException(failure(422, "Invalid", message));
  }

  static ApiException badRequest(String message) {
    return new ApiException(failure(400, "BadRequest", message));
  }

  /** A resourceVersion or a continue token that history no longer reaches back to. */
  static ApiException expired(String message) {
    return new ApiException(failure(410, "Expired", message));
  }

  /** A watch that asks for changes after {@code asked} when history begins at {@code oldest}. */
  static ApiException tooOldResourceVersion(long asked, long oldest) {
    return expired(
        "too old resource version: %s (%s)"
            .formatted(Long.toUnsignedString(asked), Long.toUnsignedString(oldest)));
  }

  /** A read that asks for a resourceVersion which the server has not reached. */
  static ApiException tooLargeResourceVersion(long asked, long current) {
    String message =
        "Timeout: Too large resource version: %s, current: %s"
            .formatted(Long.toUnsignedString(asked), Long.toUnsignedString(current));
    ObjectNode status = failure(504, "Timeout", message);
    ObjectNode details = status.putObject("details");
    addCauses(
        details, List.of(new Cause("ResourceVersionTooLarge", "Too large resource version", "")));
    details.put("retryAfterSeconds", 1);
    return new ApiException(status);
  }

  static ApiException timeout(String message, int retryAfterSeconds) {
    return retryable(504, "Timeout", "Timeout: " + message, retryAfterSeconds);
  }

  static ApiException tooManyRequests(String message, int retryAfterSeconds) {
    return retryable(429, "TooManyRequests", message, retryAfterSeconds);
  }

  static ApiException serviceUnavailable(String message) {
    return new ApiException(failure(503, "ServiceUnavailable", message));
  }

  static ApiException unauthorized() {
    return new ApiException(failure(401, "Unauthorized", "Unauthorized"));
  }

  static ApiException methodNotAllowed() {
    return new ApiException(
        failure(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource"));
  }

  static ApiException notAcceptable(Collection<String> accepted) {
    String message = "only the following media types are accepted: " + String.join(", ", accepted);
    return new ApiException(failure(406, "NotAcceptable", message));
  }

  static ApiException unsupportedMediaType(Collection<String> accepted) {
    String message =
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted);
    return new ApiException(failure(415, "UnsupportedMediaType", message));
  }

  static ApiException requestEntityTooLarge(String message) {
    return new ApiException(
        failure(413, "RequestEntityTooLarge", "Request entity too large: " + message));
  }

  static ApiException internalError(String message) {
    ObjectNode status = failure(500, "InternalError", "Internal error occurred: " + message);
    addCauses(status.putObject("details"), List.of(new Cause("", message, "")));
    return new ApiException(status);
  }

  /** A new object that claims to be an old one; the API server has no better code for it. */
  static ApiException revisionOnCreate() {
    ObjectNode status =
        failure(500, "", "resourceVersion should not be set on objects to be created");
    status.remove("reason");
    return new ApiException(status);
  }

  /** A write that was not stored for want of space; reads go on. */
  static ApiException insufficientStorage(String message) {
    return new ApiException(failure(507, "InsufficientStorage", message));
  }

  /** The answer to a DELETE of one object; {@code uid} is the deleted object's. */
  static ObjectNode deleted(ResourceType type, String name, String uid) {
    ObjectNode status = status("Success");
    details(status, type.group(), type.plural(), name).put("uid", uid);
    return status;
  }

  /** A string in double quotes, escaped as Go's {@code %q} does. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            out.append("\\x").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /**
   * One entry of {@code details.causes}.
   *
   * @param reason machine-readable; may be empty
   * @param message for people
   * @param field the path it is about; may be empty
   */
  record Cause(String reason, String message, String field) {}

  private static String named(ResourceType type, String name) {
    return type.qualifiedName() + " " + quote(name);
  }

  private static ApiException about(
      int code, String reason, ResourceType type, String name, String message) {
    ObjectNode status = failure(code, reason, message);
    details(status, type.group(), type.plural(), name);
    return new ApiException(status);
  }

  private static ApiException retryable(int code, String reason, String message, int seconds) {
    ObjectNode status = failure(code, reason, message);
    status.putObject("details").put("retryAfterSeconds", seconds);
    return new ApiException(status);
  }

  private static ObjectNode failure(int code, String reason, String message) {
    return status("Failure").put("message", message).put("reason", reason).put("code", code);
  }

  private static ObjectNode status(String outcome) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    return status.put("status", outcome);
  }

  private static ObjectNode details(ObjectNode status, String group, String kind, String name) {
    ObjectNode details = status.putObject("details").put("name", name);
    if (!group.isEmpty()) {
      details.put("group", group);
    }
    return details.put("kind", kind);
  }

  private static void addCauses(ObjectNode details, List<Cause> causes) {
    ArrayNode array = details.putArray("causes");
    for (Cause cause : causes) {
      ObjectNode node = array.addObject();
      if (!cause.reason().isEmpty()) {
        node.put("reason", cause.reason());
      }
      node.put("message", cause.message());
      if (!cause.field().isEmpty()) {
        node.put("field", cause.field());
      }
    }
  }
}
