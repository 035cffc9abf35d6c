package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.kubekv.golang.Escapes;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Status lines, headers and bodies as etcd 3.6's gateway has them (grpc-gateway 2.29). */
final class Answers {
  static final Header JSON = new Header("Content-Type", "application/json");

  /** What the gateway forwards of a call that was answered. */
  private static final Header FORWARDED =
      new Header("Grpc-Metadata-Content-Type", "application/grpc");

  private static final Header TEXT = new Header("Content-Type", "text/plain; charset=utf-8");
  private static final Header NO_SNIFF = new Header("X-Content-Type-Options", "nosniff");

  /** Of what a service answered. */
  static final List<Header> ANSWERED = List.of(JSON, FORWARDED);

  private Answers() {}

  static int httpStatus(Status status) {
    return switch (status.getCode()) {
      case OK -> 200;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case DEADLINE_EXCEEDED -> 504;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case PERMISSION_DENIED -> 403;
      case UNAUTHENTICATED -> 401;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }

  static String text(Status status) {
    return Optional.ofNullable(status.getDescription()).orElse("");
  }

  static void success(HttpExchange exchange, Message message) {
    exchange.reply(200, ANSWERED, MessageWriter.answer(message));
  }

  static void error(HttpExchange exchange, Status status) {
    exchange.reply(httpStatus(status), errorHeaders(status), body(status));
  }

  /** As {@link #error}, where the rest of the request was not read. */
  static void errorAndClose(HttpExchange exchange, Status status) {
    exchange.replyAndClose(httpStatus(status), errorHeaders(status), body(status));
  }

  private static Payload body(Status status) {
    return MessageWriter.error(status.getCode().value(), text(status));
  }

  static List<Header> errorHeaders(Status status) {
    return status.getCode() == Status.Code.UNAUTHENTICATED
        ? List.of(JSON, new Header("WWW-Authenticate", text(status)))
        : List.of(JSON);
  }

  /** JSON that no service has written. */
  static void json(HttpExchange exchange, String body) {
    exchange.reply(200, List.of(JSON), Payload.utf8(body));
  }

  /** Text whose type Go found by itself. */
  static void plain(HttpExchange exchange, String body) {
    exchange.reply(200, List.of(TEXT), Payload.utf8(body));
  }

  static void checked(HttpExchange exchange, String body) {
    exchange.reply(200, List.of(TEXT, NO_SNIFF), Payload.utf8(body));
  }

  /** An error as {@code http.Error} writes it. */
  static void plainError(HttpExchange exchange, int status, String text) {
    exchange.reply(status, List.of(TEXT, NO_SNIFF), Payload.utf8(text + "\n"));
  }

  static void onlyGet(HttpExchange exchange) {
    exchange.reply(
        405,
        List.of(new Header("Allow", "GET"), TEXT, NO_SNIFF),
        Payload.utf8("Method Not Allowed\n"));
  }

  /** That something is found elsewhere. */
  static void elsewhere(HttpExchange exchange, String location) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Location", location));
    boolean page = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    if (page) {
      headers.add(new Header("Content-Type", "text/html; charset=utf-8"));
    }
    String body = "<a href=\"" + Escapes.inHtml(location) + "\">Temporary Redirect</a>.\n\n";
    exchange.reply(307, headers, page ? Payload.utf8(body) : Payload.EMPTY);
  }
}
