package io.kubekv.transport.http;

import java.util.Map;

/** What a listener has counted, for metrics. Cheap and never blocks. */
public interface ListenerStats {
  /** Connections open now. */
  int connections();

  /** Connections whose TLS handshake failed. */
  long failedHandshakes();

  /** Streams open now: answers whose headers are out and whose end is not. */
  int streams();

  /** Bytes of bodies that are not answered yet, and of answers that are not taken yet. */
  long held();

  /** Connections that were cut because a limit was passed. */
  long cut();

  /** Answers so far, by method and status. Methods nobody defined count as {@code OTHER}. */
  Map<Answered, Long> answers();

  /** One kind of answer. */
  record Answered(String method, int status) {}
}
