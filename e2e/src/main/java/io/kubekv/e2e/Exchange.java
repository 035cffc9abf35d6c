package io.kubekv.e2e;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One recorded request with its answer.
 *
 * @param number its place in the recording
 * @param connection the recorded connection that carried it
 * @param headers as recorded, without {@code Host} and {@code Content-Length}
 * @param answer the recorded body; for a watch that was cut off before its event a missing node
 * @param sent when it was sent, in seconds of the recording
 * @param ended when its answer ended (or its connection was cut), in seconds of the recording
 * @param index the store's index that the answer states in {@code X-Etcd-Index} or, of a change,
 *     the change's own; of an answer without one (the member list) the highest that had been stated
 *     before
 */
record Exchange(
    int number,
    int connection,
    String method,
    String target,
    Map<String, String> headers,
    String body,
    int status,
    JsonNode answer,
    double sent,
    double ended,
    long index) {

  Exchange {
    headers = Map.copyOf(headers);
  }

  boolean isWatch() {
    return target.contains("wait=true");
  }

  /** A watch that ended with its event, rather than with its connection. */
  boolean isAnsweredWatch() {
    return isWatch() && !answer.isMissingNode();
  }

  boolean isChange() {
    return !method.equals("GET") && status < 300;
  }

  boolean isOnKeys() {
    return target.startsWith("/v2/keys");
  }

  Kind kind() {
    if (isWatch()) {
      return Kind.WATCH;
    }
    if (!method.equals("GET")) {
      return Kind.WRITE;
    }
    return target.contains("recursive=true") ? Kind.LIST : Kind.READ;
  }

  @Override
  public String toString() {
    return "request " + number + ", " + method + " " + target;
  }
}
