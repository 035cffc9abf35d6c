package io.kubekv.embedded;

import tools.jackson.databind.node.ObjectNode;

/**
 * A refusal in the API's own terms: the HTTP code and the {@code Status} body to answer with.
 *
 * <p>Thrown where the refusal is found and turned into an answer in one place. It carries no stack
 * trace, because it describes the request and not a fault of ours. Made by {@link Statuses}.
 */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ObjectNode status;

  ApiException(ObjectNode status) {
    super(status.path("message").asString(""), null, false, false);
    this.status = status;
  }

  /** The HTTP status code. */
  int code() {
    return status.path("code").asInt();
  }

  /** The machine-readable reason, such as {@code NotFound}. */
  String reason() {
    return status.path("reason").asString("");
  }

  /** Seconds for the {@code Retry-After} header; 0 when the answer carries none. */
  int retryAfterSeconds() {
    return status.path("details").path("retryAfterSeconds").asInt(0);
  }

  /** The whole {@code Status} object, ready to be sent or put into a watch's ERROR event. */
  ObjectNode status() {
    return status;
  }
}
