package io.kubekv.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an API that knows nothing but what an account may do, and whether the type is there. */
class AccessCheckTest {
  private HttpServer server;
  private KubernetesClient client;

  /** {@code verb resource}, as the reviews name them. */
  private volatile Set<String> denied = Set.of();

  private volatile List<String> served = AccessCheck.TYPES;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", this::review);
    server.createContext(
        "/apis/kubekv.io/v1",
        exchange ->
            answer(exchange, served.isEmpty() ? 404 : 200, served.isEmpty() ? MISSING : types()));
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private String types() {
    return """
    {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"kubekv.io/v1","resources":[%s]}
    """
        .formatted(
            served.stream()
                .map(type -> "{\"name\":\"" + type + "\",\"namespaced\":true}")
                .collect(Collectors.joining(",")));
  }

  private static final String MISSING =
      """
      {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}
      """;

  private void review(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean allowed =
        denied.stream()
            .map(right -> right.split(" "))
            .noneMatch(
                right ->
                    asked.contains("\"verb\":\"" + right[0] + "\"")
                        && asked.contains("\"resource\":\"" + right[1] + "\""));
    answer(
        exchange,
        201,
        """
        {"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1",
         "spec":{},"status":{"allowed":%s}}
        """
            .formatted(allowed));
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void require_everythingAllowed_returns() {
    assertThatCode(() -> AccessCheck.require(client, "kv")).doesNotThrowAnyException();
  }

  @Test
  void require_rightsMissing_namesEach() {
    denied = Set.of("watch storelogs", "update leases");

    assertThatThrownBy(() -> AccessCheck.require(client, "kv"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in namespace kv")
        .hasMessageContaining("watch storelogs.kubekv.io")
        .hasMessageContaining("update leases.coordination.k8s.io")
        .hasMessageNotContaining("get storelogs");
  }

  @Test
  void require_typeMissingAndNotInstallable_saysWhoMustInstallIt() {
    served = List.of();
    denied = Set.of("create customresourcedefinitions");

    assertThatThrownBy(() -> AccessCheck.require(client, "kv"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("storelogs.kubekv.io, storechunks.kubekv.io")
        .hasMessageContaining("stores.yaml, keyvalues.yaml");
  }

  @Test
  void require_oneTypeMissingAndNotInstallable_namesIt() {
    served = List.of("storelogs", "storechunks", "stores", "keyvalues");
    denied = Set.of("create customresourcedefinitions");

    assertThatThrownBy(() -> AccessCheck.require(client, "kv"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("storemanifests.kubekv.io not installed");
  }

  @Test
  void require_withoutEvents_returns() {
    denied = Set.of("create events");

    assertThatCode(() -> AccessCheck.require(client, "kv")).doesNotThrowAnyException();
  }

  @Test
  void require_withoutDockersTypes_returns() {
    denied = Set.of("create dockernetworks", "create dockernodes");

    assertThatCode(() -> AccessCheck.require(client, "kv")).doesNotThrowAnyException();
  }

  @Test
  void require_typeThereAndNotInstallable_returns() {
    denied = Set.of("create customresourcedefinitions");

    assertThatCode(() -> AccessCheck.require(client, "kv")).doesNotThrowAnyException();
  }

  @Test
  void require_apiOutOfReach_returns() {
    server.stop(0);

    assertThatCode(() -> AccessCheck.require(client, "kv")).doesNotThrowAnyException();
  }

  @Test
  void role_hasExactlyTheRightsThatAreChecked() throws IOException {
    List<String> granted;
    try (InputStream role = AccessCheck.class.getResourceAsStream("role.yaml")) {
      granted =
          Serialization.unmarshal(role, Role.class).getRules().stream()
              .flatMap(AccessCheckTest::rights)
              .toList();
    }

    assertThat(granted)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(AccessCheck.NEEDED, AccessCheck.DOCKER, List.of(AccessCheck.EVENTS))
                .flatMap(List::stream)
                .map(AccessCheck.Right::toString)
                .toList());
  }

  private static Stream<String> rights(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .flatMap(
                        resource ->
                            rule.getVerbs().stream()
                                .map(
                                    verb ->
                                        new AccessCheck.Right(group, resource, verb).toString())));
  }
}
