package io.kubekv.e2e.alerts;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** A store with TLS, users and an audit log, and what may become of these; and a full one. */
final class SecuredTroubles implements Group {
  private static final String STORE = "secured";
  private static final int ENTRIES = 20;
  private static final int BYTES = 60_000;

  private static final String GRANTS =
      """
      kind: ClusterRole
      metadata: {name: all}
      rules:
      - {nonResourceURLs: ["/kv/*"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: all}
      roleRef: {kind: ClusterRole, name: all}
      subjects: [{kind: User, name: friend}]
      """;

  @Override
  public Set<String> alerts() {
    return Set.of(
        "KubekvCertificateEnds",
        "KubekvCertificateUnusable",
        "KubekvAuditLogFails",
        "KubekvNearlyFull",
        "KubekvMemoryNearlyFull",
        "KubekvManyRefusals");
  }

  @Override
  public void play(Stage stage) throws IOException {
    TlsPair pair = TlsPair.make(stage.folder, 30);
    Path grants = Files.writeString(stage.folder.resolve("grants.yaml"), GRANTS);
    Path tokens = Files.writeString(stage.folder.resolve("tokens"), "f,friend,1\ns,stranger,2\n");
    Places.Place place = stage.place(STORE);
    String[] flags = {
      "--cert-file", pair.certificate().toString(),
      "--key-file", pair.key().toString(),
      "--authorization-mode", "RBAC",
      "--authorization-rbac-file", grants.toString(),
      "--token-auth-file", tokens.toString(),
      "--audit-log-path", "/dev/full",
      "--max-entries", Integer.toString(ENTRIES),
      "--max-store-bytes", Integer.toString(BYTES)
    };
    try (StoreProcess kubekv = StoreProcess.on(place.kubeconfig(), place.namespace(), flags);
        HttpClient http = client(pair.trust())) {
      stage.begin(new Rules(STORE, 1, ENTRIES), kubekv.operations());
      stage.provoke(STORE, Set.of("KubekvAuditLogFails"), () -> put(http, kubekv, "f", 0));
      stage.provoke(STORE, Set.of("KubekvNearlyFull"), () -> fill(http, kubekv));
      stage.provoke(
          STORE,
          Set.of("KubekvMemoryNearlyFull"),
          () -> put(http, kubekv, "f", 0, "x".repeat(BYTES * 7 / 10)));
      stage.provoke(STORE, Set.of("KubekvManyRefusals"), () -> bother(http, kubekv));
      stage.provoke(STORE, Set.of("KubekvCertificateEnds"), () -> TlsPair.make(stage.folder, 1));
      stage.provoke(
          STORE,
          Set.of("KubekvCertificateUnusable"),
          () -> Files.writeString(pair.key(), "no key"));
    }
  }

  private static HttpClient client(SSLContext trust) {
    return HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).build();
  }

  private static void fill(HttpClient http, StoreProcess kubekv) throws IOException {
    for (int i = 0; i < ENTRIES - 1; i++) {
      put(http, kubekv, "f", i);
    }
  }

  /** Ten a second in five minutes, all at once. */
  private static void bother(HttpClient http, StoreProcess kubekv) throws IOException {
    Crowd.run(8, Duration.ofSeconds(12), number -> put(http, kubekv, "s", number));
  }

  private static Optional<String> put(HttpClient http, StoreProcess kubekv, String token, int key)
      throws IOException {
    return put(http, kubekv, token, key, "1");
  }

  private static Optional<String> put(
      HttpClient http, StoreProcess kubekv, String token, int key, String value)
      throws IOException {
    URI uri =
        URI.create(
            "https://"
                + StoreProcess.hostAndPort(kubekv.address())
                + "/v2/keys/k"
                + key
                + "?value="
                + value);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .PUT(HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      return Optional.of(http.send(request, BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
