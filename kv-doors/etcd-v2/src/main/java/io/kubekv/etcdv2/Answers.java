package io.kubekv.etcdv2;

import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import io.kubekv.golang.Escapes;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.OverLimitException;
import java.util.ArrayList;
import java.util.List;

/** The headers and the error bodies of etcd's answers. */
final class Answers {
  private static final Header JSON = new Header("Content-Type", "application/json");
  private static final Header TEXT = new Header("Content-Type", "text/plain; charset=utf-8");
  private static final Header NO_SNIFF = new Header("X-Content-Type-Options", "nosniff");
  private static final Header TERM = new Header("X-Raft-Term", "2");

  private final KeyValueStore store;

  /** The store's id as a header, made anew when it changes. */
  private record ClusterId(long id, Header header) {
    static ClusterId of(long id) {
      return new ClusterId(id, new Header("X-Etcd-Cluster-Id", Long.toHexString(id)));
    }
  }

  private volatile ClusterId shown;

  Answers(KeyValueStore store) {
    this.store = store;
    this.shown = ClusterId.of(store.id());
  }

  /** It changes when the store was restored, and may be learned late by one of several replicas. */
  private Header clusterId() {
    long id = store.id();
    ClusterId last = shown;
    if (id != last.id()) {
      last = ClusterId.of(id);
      shown = last;
    }
    return last.header();
  }

  /** The headers of a success on keys, at an index. */
  List<Header> atIndex(Revision index) {
    String shown = index.toString();
    List<Header> headers = new ArrayList<>();
    headers.add(JSON);
    headers.add(clusterId());
    headers.add(new Header("X-Etcd-Index", shown));
    headers.add(new Header("X-Raft-Index", shown));
    headers.add(TERM);
    return headers;
  }

  void success(HttpExchange exchange, int status, Revision index, Payload body) {
    exchange.reply(status, atIndex(index), body);
  }

  /** An error body of the keys API. */
  void error(HttpExchange exchange, EtcdError error) {
    exchange.reply(error.code().status(), errorHeaders(error.index()), body(error));
  }

  private List<Header> errorHeaders(Revision index) {
    List<Header> headers = new ArrayList<>();
    headers.add(JSON);
    headers.add(clusterId());
    headers.add(new Header("X-Etcd-Index", index.toString()));
    return headers;
  }

  private static Payload body(EtcdError error) {
    return new Json()
        .raw("{\"errorCode\":")
        .number(error.code().code())
        .raw(",\"message\":")
        .string(error.code().message())
        .raw(",\"cause\":")
        .string(error.detail())
        .raw(",\"index\":")
        .number(error.index().value())
        .raw("}")
        .line();
  }

  /** A body over the limit, in the form that clients of the keys API parse. */
  void tooLarge(HttpExchange exchange, long limit) {
    EtcdError error =
        EtcdError.ofRequest(
            ErrorCode.INVALID_FORM, "the body is over " + limit + " bytes, the most allowed");
    exchange.replyAndClose(413, errorHeaders(error.index()), body(error));
  }

  /**
   * A failure of the store. Clients read the body of a 4xx; on a 5xx they try elsewhere. Error 301
   * is said when nothing was done, as etcd says it, and 300 of what may have been.
   */
  void failure(HttpExchange exchange, StoreException failure) {
    String words = String.valueOf(failure.getMessage());
    switch (failure) {
      case LimitExceededException limit ->
          error(exchange, EtcdError.ofRequest(ErrorCode.INVALID_FIELD, words));
      case CompactedException gone ->
          error(exchange, EtcdError.ofRequest(ErrorCode.EVENT_INDEX_CLEARED, words));
      case FutureRevisionException early ->
          error(exchange, EtcdError.ofRequest(ErrorCode.INVALID_FIELD, words));
      case OverloadedException overloaded -> overloaded(exchange, overloaded);
      case UnavailableException unavailable ->
          error(exchange, EtcdError.ofRequest(ErrorCode.LEADER_ELECTION, words));
      case OutcomeUnknownException unknown ->
          error(
              exchange,
              EtcdError.ofRequest(
                  ErrorCode.RAFT_INTERNAL, "the change may or may not have been made: " + words));
      case UnauthenticatedException nobody -> error(exchange, insufficientCredentials());
      case PermissionDeniedException denied -> error(exchange, insufficientCredentials());
    }
  }

  /** etcd does not tell who is unknown from who may not (etcd 3.4, etcdhttp/v2 client_auth.go). */
  private static EtcdError insufficientCredentials() {
    return EtcdError.ofRequest(ErrorCode.UNAUTHORIZED, "Insufficient credentials");
  }

  private void overloaded(HttpExchange exchange, OverloadedException failure) {
    EtcdError error =
        EtcdError.ofRequest(ErrorCode.RAFT_INTERNAL, String.valueOf(failure.getMessage()));
    List<Header> headers = errorHeaders(error.index());
    long seconds = Math.max(1, failure.retryAfter().plusMillis(999).toSeconds());
    headers.add(new Header("Retry-After", Long.toString(seconds)));
    exchange.reply(503, headers, body(error));
  }

  /**
   * A client that is over one of its limits. etcd has no such answer; its clients read the body of
   * a 4xx, and would ask the next member at once after a 5xx.
   */
  void overLimit(HttpExchange exchange, OverLimitException why) {
    EtcdError error =
        EtcdError.ofRequest(ErrorCode.RAFT_INTERNAL, String.valueOf(why.getMessage()));
    List<Header> headers = errorHeaders(error.index());
    headers.add(new Header("Retry-After", "1"));
    exchange.reply(429, headers, body(error));
  }

  /** A JSON answer of the paths beside the keys. */
  void json(HttpExchange exchange, int status, Payload body) {
    List<Header> headers = new ArrayList<>();
    headers.add(JSON);
    exchange.reply(status, headers, body);
  }

  /** As {@link #json}, with the cluster's id. */
  void clusterJson(HttpExchange exchange, int status, Payload body) {
    List<Header> headers = new ArrayList<>();
    headers.add(JSON);
    headers.add(clusterId());
    exchange.reply(status, headers, body);
  }

  /** An error of the paths beside the keys: {@code {"message":"..."}}. */
  void message(HttpExchange exchange, int status, String message) {
    clusterJson(
        exchange, status, new Json().raw("{\"message\":").string(message).raw("}").payload());
  }

  void text(HttpExchange exchange, int status, Payload body) {
    List<Header> headers = new ArrayList<>();
    headers.add(TEXT);
    exchange.reply(status, headers, body);
  }

  void notFound(HttpExchange exchange) {
    plainError(exchange, 404, "404 page not found", List.of());
  }

  void methodNotAllowed(HttpExchange exchange, String allowed) {
    plainError(exchange, 405, "Method Not Allowed", List.of(new Header("Allow", allowed)));
  }

  private static void plainError(
      HttpExchange exchange, int status, String text, List<Header> more) {
    List<Header> headers = new ArrayList<>();
    headers.addAll(more);
    headers.add(TEXT);
    headers.add(NO_SNIFF);
    exchange.reply(status, headers, Payload.utf8(text + "\n"));
  }

  /** A request whose path is no URL. */
  void badRequest(HttpExchange exchange) {
    exchange.replyAndClose(400, List.of(TEXT), Payload.utf8("400 Bad Request"));
  }

  void moved(HttpExchange exchange, String location) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Location", location));
    boolean page = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    if (page) {
      headers.add(new Header("Content-Type", "text/html; charset=utf-8"));
    }
    String body = "<a href=\"" + Escapes.inHtml(location) + "\">Moved Permanently</a>.\n\n";
    exchange.reply(301, headers, page ? Payload.utf8(body) : Payload.EMPTY);
  }
}
