package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a setting needs besides itself to mean anything. A setting whose needs are not met is
 * refused: one that is silently ignored is an outage later. Every setting of {@code serve} is in
 * this list, also those that need nothing.
 */
final class SettingNeeds {
  private static final String ACCESS_MODE = "authorization-mode";

  /** A state of all settings, said as what is missing when it is not there. */
  private enum Need {
    KUBERNETES("does not go with etcd", given -> !given.containsKey("etcd")),
    EMBEDDED(
        "does not go with kubeconfig, context, in-cluster or etcd",
        given -> !isCluster(given) && !given.containsKey("etcd")),
    A_CLUSTER("needs a cluster: kubeconfig, context or in-cluster", SettingNeeds::isCluster),
    NO_POD("does not go with in-cluster", given -> !given.containsKey("in-cluster")),
    NO_FILE(
        "does not go with kubeconfig or context",
        given -> !given.containsKey("kubeconfig") && !given.containsKey("context")),
    ETCD("needs etcd=HOST:PORT", given -> given.containsKey("etcd")),
    ETCD_CERT("needs etcd-cert", given -> given.containsKey("etcd-cert")),
    ETCD_KEY("needs etcd-key", given -> given.containsKey("etcd-key")),
    ETCD_USER("needs etcd-user", given -> given.containsKey("etcd-user")),
    ETCD_PASSWORD("needs etcd-password-file", given -> given.containsKey("etcd-password-file")),
    ETCD_DOOR("needs etcd-listen, which is off", given -> isOpen(given, "etcd-listen")),
    CONSUL_DOOR("needs consul-listen, which is off", given -> isOpen(given, "consul-listen")),
    ZOOKEEPER_DOOR(
        "needs zookeeper-listen, which is off",
        given -> given.containsKey("zookeeper-listen") && isOpen(given, "zookeeper-listen")),
    GRPC_DOOR("needs grpc-listen, which is off", given -> isOpen(given, "grpc-listen")),
    HTTP_DOOR(
        "needs etcd-listen or consul-listen, and both are off",
        given -> isOpen(given, "etcd-listen") || isOpen(given, "consul-listen")),
    PLAIN_TEXT(
        "does not go with cert-file: with TLS, the certificate says by which names clients come",
        given -> !given.containsKey("cert-file")),
    CERT("needs cert-file and key-file", given -> given.containsKey("cert-file")),
    CERT_FILE("needs cert-file", given -> given.containsKey("cert-file")),
    KEY_FILE("needs key-file", given -> given.containsKey("key-file")),
    AUTHORITY("needs trusted-ca-file", given -> given.containsKey("trusted-ca-file")),
    ACCESS(
        "needs an authorization-mode: everybody may everything without",
        given -> !mode(given).equals(AccessConfig.Mode.AlwaysAllow)),
    RBAC("needs authorization-mode=RBAC", given -> mode(given).equals(AccessConfig.Mode.RBAC)),
    TOKEN_REVIEW(
        "needs authentication-token-webhook",
        given -> given.containsKey("authentication-token-webhook")),
    RATE("needs client-qps above 0", given -> !given.getOrDefault("client-qps", "0").equals("0")),
    PAGE(
        "needs the web page: ui-listen, or ops-listen on a loopback address without"
            + " client-cert-auth",
        SettingNeeds::hasPage),
    TRACES(
        "needs tracing-endpoint or a variable of OpenTelemetry's",
        given -> given.containsKey("tracing-endpoint"));

    private final String words;
    private final Predicate<Map<String, String>> isMet;

    Need(String words, Predicate<Map<String, String>> isMet) {
      this.words = words;
      this.isMet = isMet;
    }
  }

  private static final Map<String, List<Need>> NEEDS =
      Map.ofEntries(
          Map.entry("advertise-client-urls", List.of(Need.ETCD_DOOR)),
          Map.entry("advertise-replica", List.of(Need.GRPC_DOOR)),
          Map.entry("anonymous-auth", List.of(Need.ACCESS)),
          Map.entry("api-audiences", List.of(Need.TOKEN_REVIEW)),
          Map.entry("audit-log-path", List.of(Need.ACCESS)),
          Map.entry("authentication-token-webhook", List.of(Need.ACCESS, Need.A_CLUSTER)),
          Map.entry("authorization-cache-ttl", List.of(Need.ACCESS)),
          Map.entry("authorization-rbac-file", List.of(Need.RBAC)),
          Map.entry("cert-file", List.of(Need.KEY_FILE)),
          Map.entry("client-burst", List.of(Need.RATE)),
          Map.entry("client-cert-auth", List.of(Need.CERT, Need.AUTHORITY)),
          Map.entry("client-cert-user", List.of(Need.ACCESS, Need.AUTHORITY)),
          Map.entry("consul-node", List.of(Need.CONSUL_DOOR)),
          Map.entry("context", List.of(Need.KUBERNETES, Need.NO_POD)),
          Map.entry("cors", List.of(Need.HTTP_DOOR)),
          Map.entry("data-dir", List.of(Need.EMBEDDED)),
          Map.entry("etcd-ca", List.of(Need.ETCD)),
          Map.entry("etcd-cert", List.of(Need.ETCD, Need.ETCD_KEY)),
          Map.entry("etcd-key", List.of(Need.ETCD, Need.ETCD_CERT)),
          Map.entry("etcd-password-file", List.of(Need.ETCD, Need.ETCD_USER)),
          Map.entry("etcd-user", List.of(Need.ETCD, Need.ETCD_PASSWORD)),
          Map.entry("host-whitelist", List.of(Need.HTTP_DOOR, Need.PLAIN_TEXT)),
          Map.entry("in-cluster", List.of(Need.KUBERNETES, Need.NO_FILE)),
          Map.entry("key-file", List.of(Need.CERT_FILE)),
          Map.entry("kubeconfig", List.of(Need.KUBERNETES, Need.NO_POD)),
          Map.entry("max-list-bytes", List.of(Need.HTTP_DOOR)),
          Map.entry("replica-name", List.of(Need.CERT)),
          Map.entry("token-auth-file", List.of(Need.ACCESS)),
          Map.entry("tracing-keys", List.of(Need.TRACES)),
          Map.entry("tracing-ratio", List.of(Need.TRACES)),
          Map.entry("trusted-ca-file", List.of(Need.CERT)),
          Map.entry("ui-writes", List.of(Need.PAGE)),
          Map.entry("zookeeper-tick", List.of(Need.ZOOKEEPER_DOOR)),
          Map.entry("zookeeper-words", List.of(Need.ZOOKEEPER_DOOR)));

  /** Those that mean something whatever else is said. */
  private static final Set<String> NEED_NOTHING =
      Set.of(
          ACCESS_MODE,
          "client-bytes-per-second",
          "client-connections",
          "client-qps",
          "client-requests-in-flight",
          "client-sessions",
          "client-watches",
          "consul-listen",
          "etcd",
          "etcd-listen",
          "grpc-listen",
          "history-bytes",
          "lease-duration",
          "log-format",
          "max-connections",
          "max-entries",
          "max-key-bytes",
          "max-store-bytes",
          "max-value-bytes",
          "max-watches",
          "namespace",
          "ops-listen",
          "replica-token-file",
          "request-timeout",
          "tracing-endpoint",
          "ui-listen",
          "zookeeper-listen");

  private SettingNeeds() {}

  /**
   * Looks at all settings together.
   *
   * @param given what was said, by name
   * @throws IllegalArgumentException naming each setting that would be ignored, and what it needs
   */
  static void check(Map<String, String> given) {
    List<String> wrong = new ArrayList<>();
    given.forEach(
        (name, value) ->
            of(name)
                .filter(need -> !need.isMet.test(given))
                .forEach(need -> wrong.add(name + " " + need.words)));
    if (mode(given) == AccessConfig.Mode.RBAC && !given.containsKey("authorization-rbac-file")) {
      wrong.add("authorization-mode=RBAC needs authorization-rbac-file");
    }
    if (mode(given) == AccessConfig.Mode.Webhook && !isCluster(given)) {
      wrong.add("authorization-mode=Webhook " + Need.A_CLUSTER.words);
    }
    if (Stream.of("etcd-listen", "consul-listen", "grpc-listen")
            .noneMatch(door -> isOpen(given, door))
        && !Need.ZOOKEEPER_DOOR.isMet.test(given)) {
      wrong.add("etcd-listen, consul-listen and grpc-listen are off: nothing would be served");
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong.stream().distinct().toList()));
    }
  }

  private static Stream<Need> of(String name) {
    return NEED_NOTHING.contains(name)
        ? Stream.empty()
        : Objects.requireNonNull(
            NEEDS.get(name), () -> "nobody has said what a setting needs: " + name)
            .stream();
  }

  private static boolean isCluster(Map<String, String> given) {
    return Stream.of("kubeconfig", "context", "in-cluster").anyMatch(given::containsKey);
  }

  private static boolean isOpen(Map<String, String> given, String door) {
    return !"off".equals(given.get(door));
  }

  /** It is on a port of its own, or where {@link PageConfig#mayShare} says. */
  private static boolean hasPage(Map<String, String> given) {
    String page = given.getOrDefault("ui-listen", PageConfig.AUTO);
    if (!page.equals(PageConfig.AUTO)) {
      return !page.equals("off");
    }
    boolean certified = given.containsKey("client-cert-auth");
    return ListenAddress.parse("ops-listen", given.getOrDefault("ops-listen", "127.0.0.1:2381"))
        .filter(operations -> PageConfig.mayShare(operations, certified))
        .isPresent();
  }

  private static AccessConfig.Mode mode(Map<String, String> given) {
    return AccessConfig.Mode.valueOf(
        given.getOrDefault(ACCESS_MODE, AccessConfig.Mode.AlwaysAllow.name()));
  }
}
