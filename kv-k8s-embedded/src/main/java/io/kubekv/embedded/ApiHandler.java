package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request in: who, what faults, which route. Changes of objects may come on any thread,
 * everything else on the one event loop.
 */
final class ApiHandler {
  private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);

  private final Context context;
  private final Credentials credentials;
  private final Faults faults;
  private final ServedTypes types;
  private final ReadRequests reads;
  private final WriteRequests writes;
  private final WatchRequests watches;
  private final ServerInfo info;
  private final Clocks clocks;

  /**
   * A request that may come in.
   *
   * @param path the path without a token in it
   * @param answer its answer, with the faults that have struck it
   */
  record Admitted(Exchange exchange, String path, Answer answer) {}

  ApiHandler(
      Context context,
      String token,
      Faults faults,
      ServedTypes types,
      ReadRequests reads,
      WriteRequests writes,
      WatchRequests watches,
      Clocks clocks) {
    this.context = context;
    this.credentials = new Credentials(token);
    this.faults = faults;
    this.types = types;
    this.reads = reads;
    this.writes = writes;
    this.watches = watches;
    this.clocks = clocks;
    this.info = new ServerInfo(types);
  }

  /** Looks at everything but the body; empty when the request has been refused. */
  Optional<Admitted> admit(Exchange exchange) {
    Optional<String> path = credentials.admit(exchange);
    if (path.isEmpty()) {
      new Answer(exchange, context, List.of()).refuse(Statuses.unauthorized());
      return Optional.empty();
    }
    List<Faults.Fault> striking = faults.striking(call(exchange, path.get()));
    return Optional.of(new Admitted(exchange, path.get(), new Answer(exchange, context, striking)));
  }

  private static Faults.Call call(Exchange exchange, String path) {
    String watch = exchange.parameter("watch");
    return new Faults.Call(
        exchange.method(),
        path,
        exchange.query(),
        watch != null && !watch.equals("false") && !watch.equals("0"));
  }

  /** Does what the request asks for, now or when its faults let it. */
  void begin(Admitted request, Buffer body) {
    request.answer().begin(() -> perform(request, body));
  }

  private void perform(Admitted request, Buffer body) {
    Exchange exchange = request.exchange();
    Answer answer = request.answer();
    try {
      Optional<ResourcePath> resource = ResourcePath.parse(request.path());
      if (resource.isEmpty()) {
        info.answer(exchange, request.path(), answer);
        return;
      }
      ResourcePath found = resource.get();
      ServedType served =
          types
              .find(found.group(), found.version(), found.plural())
              .orElseThrow(Statuses::unknownPath);
      dispatch(new ApiRequest(exchange, served, checked(found, served), body, clocks), answer);
    } catch (ApiException e) {
      answer.refuse(e);
    } catch (RuntimeException e) {
      log.error("{} {} failed", exchange.method(), request.path(), e);
      answer.refuse(Statuses.internalError(e.toString()));
    }
  }

  private static ResourcePath checked(ResourcePath path, ServedType served) {
    boolean namespaced = served.type().namespaced();
    boolean wrongScope =
        namespaced
            ? path.namespace().isEmpty() && !path.name().isEmpty()
            : !path.namespace().isEmpty();
    if (wrongScope || !knows(path.subresource(), served)) {
      throw Statuses.unknownPath();
    }
    return path;
  }

  private static boolean knows(String subresource, ServedType served) {
    return subresource.isEmpty()
        || (subresource.equals("status") && served.type().statusSubresource())
        || (subresource.equals("finalize") && served.rules() == ServedType.Rules.NAMESPACE);
  }

  private void dispatch(ApiRequest request, Answer answer) {
    boolean collection = request.name().isEmpty();
    switch (request.exchange().method()) {
      case "GET" -> read(request, answer, collection);
      case "POST" -> {
        requireScope(collection && !missesNamespace(request));
        writes.create(request, answer);
      }
      case "PUT" -> {
        requireScope(!collection);
        writes.replace(request, answer);
      }
      case "PATCH" -> {
        requireScope(!collection);
        writes.patch(request, answer);
      }
      case "DELETE" -> {
        requireScope(!(collection && missesNamespace(request)));
        if (collection) {
          reads.deleteCollection(request, answer);
        } else {
          writes.delete(request, answer);
        }
      }
      default -> throw Statuses.methodNotAllowed();
    }
  }

  private void read(ApiRequest request, Answer answer, boolean collection) {
    if (request.flag("watch")) {
      watches.open(request);
    } else if (collection) {
      reads.list(request, answer);
    } else {
      reads.get(request, answer);
    }
  }

  private static boolean missesNamespace(ApiRequest request) {
    return request.type().namespaced() && request.namespace().isEmpty();
  }

  private static void requireScope(boolean right) {
    if (!right) {
      throw Statuses.methodNotAllowed();
    }
  }
}
