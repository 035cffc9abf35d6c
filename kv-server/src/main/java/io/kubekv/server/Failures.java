package io.kubekv.server;

import java.net.BindException;

/** Says a failure to start in words for an operator. */
final class Failures {
  private Failures() {}

  /**
   * The message of the failure and of its causes, each once, and what to do where that is known.
   */
  static String explain(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
      if (at instanceof BindException) {
        text.append(" (is another server running there? choose another with --etcd-listen,")
            .append(" --consul-listen, --grpc-listen or --ops-listen)");
      }
    }
    return text.toString();
  }
}
