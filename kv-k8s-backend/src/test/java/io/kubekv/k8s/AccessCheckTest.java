package io.kubekv.k8s;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  private volatile boolean typeServed = true;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", this::review);
    server.createContext(
        "/apis/kubekv.io/v1",
        exchange -> answer(exchange, typeServed ? 200 : 404, typeServed ? TYPES : MISSING));
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

  private static final String TYPES =
      """
      {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"kubekv.io/v1","resources":[{"name":"keyvalues"}]}
      """;
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
    denied = Set.of("watch keyvalues", "update leases");

    assertThatThrownBy(() -> AccessCheck.require(client, "kv"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in namespace kv")
        .hasMessageContaining("watch keyvalues.kubekv.io")
        .hasMessageContaining("update leases.coordination.k8s.io")
        .hasMessageNotContaining("get keyvalues");
  }

  @Test
  void require_typeMissingAndNotInstallable_saysWhoMustInstallIt() {
    typeServed = false;
    denied = Set.of("create customresourcedefinitions");

    assertThatThrownBy(() -> AccessCheck.require(client, "kv"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("keyvalues.kubekv.io is not installed")
        .hasMessageContaining("keyvalues.yaml");
  }

  @Test
  void require_ofALog_namesTheTypesAndRightsThatAreMissingOfIt() {
    denied = Set.of("create customresourcedefinitions");
    assertThatThrownBy(() -> AccessCheck.require(client, "kv", AccessCheck.Form.LOG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the type storelogs.kubekv.io, storechunks.kubekv.io")
        .hasMessageContaining("stores.yaml first")
        .hasMessageNotContaining("keyvalues");

    denied = Set.of("update storelogs", "create stores");
    assertThatThrownBy(() -> AccessCheck.require(client, "kv", AccessCheck.Form.LOG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("may not, in namespace kv: update storelogs.kubekv.io, create stores")
        .hasMessageContaining("log-role.yaml and view-role.yaml have all that it needs");
  }

  @Test
  void require_ofALogWithoutEvents_returns() {
    denied = Set.of("create events");

    assertThatCode(() -> AccessCheck.require(client, "kv", AccessCheck.Form.LOG))
        .doesNotThrowAnyException();
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
    assertThat(granted("role.yaml"))
        .containsExactlyElementsOf(
            AccessCheck.NEEDED.stream().map(AccessCheck.Right::toString).toList());
  }

  @Test
  void rolesOfALog_haveExactlyTheRightsThatAreChecked() throws IOException {
    List<String> both = new ArrayList<>(granted("log/log-role.yaml"));
    both.addAll(granted("view/view-role.yaml"));

    assertThat(both)
        .containsExactlyElementsOf(
            Stream.concat(AccessCheck.NEEDED_BY_LOG.stream(), Stream.of(AccessCheck.EVENTS))
                .map(AccessCheck.Right::toString)
                .toList());
  }

  private static List<String> granted(String file) throws IOException {
    try (InputStream role = AccessCheck.class.getResourceAsStream(file)) {
      return Serialization.unmarshal(role, Role.class).getRules().stream()
          .flatMap(AccessCheckTest::rights)
          .toList();
    }
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
