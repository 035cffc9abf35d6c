package io.kubekv.cli.connection;

import io.kubekv.cli.terminal.Durations;
import io.kubekv.client.ConnectionFailure;

/** What a person can do when a server cannot be asked: the options that say otherwise. */
final class ConnectionAdvice {
  private static final String PORT =
      "its gRPC port is wanted, 2390 unless its --grpc-listen says otherwise";

  private ConnectionAdvice() {}

  /** One line: where, why, what to do. */
  static String explain(ConnectionFailure failure, Way way) {
    return "the server "
        + way.address()
        + " cannot be asked: "
        + failure.words()
        + "; "
        + advice(failure, way);
  }

  private static String advice(ConnectionFailure failure, Way way) {
    return switch (failure) {
      case REFUSED ->
          "start one there with kubekv serve, or name another with --server or KUBEKV_SERVER";
      case UNKNOWN_HOST -> "look at the name in --server, KUBEKV_SERVER or the context";
      case NO_ROUTE, CONNECT_TIMEOUT -> "look at the network, or name another with --server";
      case NOT_TLS -> "leave out what asks for TLS (--tls, --cacert, --cert), or look at the port";
      case NOT_HTTP2 -> PORT + (way.isTls() ? "" : "; if it speaks TLS, say --tls or --cacert");
      case UNTRUSTED -> "give the authority's certificate with --cacert";
      case WRONG_NAME -> "name the server as its certificate does, or give that with --server-name";
      case NOT_VALID_NOW -> "the server needs a new one, or the clock here is wrong";
      case CLIENT_CERTIFICATE -> "give one that its authority has signed, with --cert and --key";
      case TLS -> "look at --cacert, --cert and --key, and at the server's log";
      case NOT_KUBEKV -> PORT;
      case NO_ANSWER ->
          "look whether it runs; a call may take "
              + Durations.print(way.timeout())
              + " (--timeout)";
      case BROKEN -> "try again" + (way.isTls() ? "" : "; if it speaks TLS, say --tls or --cacert");
      case OTHER -> "look at its log, or name another with --server";
    };
  }
}
