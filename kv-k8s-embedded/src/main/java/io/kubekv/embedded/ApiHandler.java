package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each request in: who, what faults, which route. Runs on the one event loop. */
final class ApiHandler implements Handler<HttpServerRequest> {
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

  @Override
  public void handle(HttpServerRequest request) {
    Optional<String> path = credentials.admit(request);
    if (path.isEmpty()) {
      new Answer(request, context, List.of()).refuse(Statuses.unauthorized());
      return;
    }
    Answer answer = new Answer(request, context, faults.striking(call(request, path.get())));
    if (hasBody(request)) {
      BodyReader.read(
          context.owner(),
          request,
          body -> begin(request, path.get(), body, answer),
          refusal -> {
            request.response().putHeader("Connection", "close");
            answer.refuse(refusal);
          });
    } else {
      begin(request, path.get(), Buffer.buffer(), answer);
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.isEnded();
  }

  private static Faults.Call call(HttpServerRequest request, String path) {
    String query = request.query();
    String watch = request.getParam("watch");
    return new Faults.Call(
        request.method().name(),
        path,
        query == null ? "" : query,
        watch != null && !watch.equals("false") && !watch.equals("0"));
  }

  private void begin(HttpServerRequest request, String path, Buffer body, Answer answer) {
    answer.begin(() -> perform(request, path, body, answer));
  }

  private void perform(HttpServerRequest request, String path, Buffer body, Answer answer) {
    try {
      Optional<ResourcePath> resource = ResourcePath.parse(path);
      if (resource.isEmpty()) {
        info.answer(request, path, answer);
        return;
      }
      ResourcePath found = resource.get();
      ServedType served =
          types
              .find(found.group(), found.version(), found.plural())
              .orElseThrow(Statuses::unknownPath);
      dispatch(new ApiRequest(request, served, checked(found, served), body, clocks), answer);
    } catch (ApiException e) {
      answer.refuse(e);
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.method(), path, e);
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
    switch (request.http().method().name()) {
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
      watches.open(request, answer);
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
