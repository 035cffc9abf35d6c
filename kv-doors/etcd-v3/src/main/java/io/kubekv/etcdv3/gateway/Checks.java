package io.kubekv.etcdv3.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.kubekv.etcdv3.call.Release;
import io.kubekv.etcdv3.gateway.UnaryCall.Outcome;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.StatusRequest;
import io.kubekv.etcdv3.wire.StatusResponse;
import io.kubekv.golang.Escapes;
import io.kubekv.transport.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What etcd tells those who look whether it lives (etcd 3.6, etcdhttp/health.go and version.go).
 * There are no alarms here, nor members that learn; what is read is a key that need not exist.
 */
final class Checks {
  private static final String VERSION =
      "{\"etcdserver\":\""
          + Release.VERSION
          + "\",\"etcdcluster\":\""
          + Release.CLUSTER_VERSION
          + "\",\"storage\":\""
          + Release.CLUSTER_VERSION
          + "\"}";

  private static final String SERIALIZABLE = "serializable_read";
  private static final String LINEARIZABLE = "linearizable_read";

  private static final Map<String, List<String>> CHECKS =
      Map.of(
          "/livez", List.of(SERIALIZABLE),
          "/readyz", List.of("data_corruption", SERIALIZABLE, LINEARIZABLE, "non_learner"));

  private static final Set<String> ALONE = Set.of("/version", "/health");

  private final Routes routes;

  Checks(Routes routes) {
    this.routes = routes;
  }

  /** Whether a path is one of these. */
  static boolean has(String path) {
    return ALONE.contains(path) || CHECKS.containsKey(path) || single(path).isPresent();
  }

  /** The check that a path like {@code /readyz/linearizable_read} names. */
  private static Optional<String> single(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    return slash > 0 && CHECKS.getOrDefault(path.substring(0, slash), List.of()).contains(name)
        ? Optional.of(name)
        : Optional.empty();
  }

  /** Answers; it may wait for the store. */
  void answer(HttpExchange exchange, String path) {
    if (!exchange.method().equals("GET")) {
      Answers.onlyGet(exchange);
      return;
    }
    switch (path) {
      case "/version" -> Answers.json(exchange, VERSION);
      case "/health" -> health(exchange);
      default -> checks(exchange, path);
    }
  }

  private void health(HttpExchange exchange) {
    boolean serializable = first(exchange, "serializable").equals("true");
    String reason = reason(serializable);
    String answer = "{\"health\":\"" + reason.isEmpty() + "\",\"reason\":\"" + reason + "\"}";
    if (reason.isEmpty()) {
      Answers.plain(exchange, answer);
    } else {
      Answers.plainError(exchange, 503, answer);
    }
  }

  /** Why it is not healthy; empty when it is. */
  private String reason(boolean serializable) {
    if (!serializable && !hasLeader()) {
      return "RAFT NO LEADER";
    }
    return read(serializable).map(text -> "RANGE ERROR:" + text).orElse("");
  }

  private boolean hasLeader() {
    Outcome outcome =
        Calls.ask(
            routes.method("etcdserverpb.Maintenance/Status"), StatusRequest.getDefaultInstance());
    return outcome
        .message()
        .map(answer -> ((StatusResponse) answer).getLeader() != 0)
        .orElse(false);
  }

  /** Why nothing can be read; empty when it can. */
  private Optional<String> read(boolean serializable) {
    RangeRequest question =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("health"))
            .setKeysOnly(true)
            .setSerializable(serializable)
            .build();
    Status status = Calls.ask(routes.method("etcdserverpb.KV/Range"), question).status();
    return status.isOk() ? Optional.empty() : Optional.of(Answers.text(status));
  }

  private void checks(HttpExchange exchange, String path) {
    List<String> excluded = values(exchange, "exclude");
    List<String> names =
        single(path)
            .map(List::of)
            .orElseGet(
                () ->
                    CHECKS.getOrDefault(path, List.of()).stream()
                        .filter(name -> !excluded.contains(name))
                        .toList());
    StringBuilder told = new StringBuilder();
    boolean good = true;
    for (String name : names) {
      Optional<String> failure = failure(name);
      good &= failure.isEmpty();
      told.append(
          failure
              .map(why -> "[-]" + name + " failed: " + why + "\n")
              .orElse("[+]" + name + " ok\n"));
    }
    if (!good) {
      Answers.plainError(exchange, 503, told.toString());
    } else {
      boolean verbose = !values(exchange, "verbose").isEmpty();
      Answers.checked(exchange, (verbose ? told : "") + "ok\n");
    }
  }

  private Optional<String> failure(String check) {
    return switch (check) {
      case SERIALIZABLE -> read(true);
      case LINEARIZABLE -> read(false);
      default -> Optional.empty();
    };
  }

  private static String first(HttpExchange exchange, String name) {
    return values(exchange, name).stream().findFirst().orElse("");
  }

  /** All values that the query gives, as Go's {@code url.ParseQuery} takes them. */
  private static List<String> values(HttpExchange exchange, String name) {
    List<String> values = new ArrayList<>();
    for (String part : exchange.query().split("&", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      try {
        if (part.indexOf(';') < 0 && text(key).equals(name)) {
          values.add(text(value));
        }
      } catch (Escapes.BadEscape passedOver) {
        // as Go does
      }
    }
    return values;
  }

  private static String text(String escaped) throws Escapes.BadEscape {
    return new String(Escapes.decode(escaped, true), StandardCharsets.UTF_8);
  }
}
