package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code benchmarks/run secured}: linearizable GETs with TLS, by a user with a token and a grant,
 * against the same in plain text by anybody.
 */
final class SecuredBenchmark {
  private static final int KEYS = 100;
  private static final double BAR = 1.5;
  private static final String GRANTS =
      """
      kind: ClusterRole
      metadata: {name: benchmark}
      rules: [{nonResourceURLs: ["/kv/default/benchmark/*"], verbs: [get, put]}]
      ---
      kind: ClusterRoleBinding
      metadata: {name: benchmark}
      roleRef: {kind: ClusterRole, name: benchmark}
      subjects: [{kind: User, name: benchmark}]
      """;
  private static final Map<String, String> TOKEN = Map.of("Authorization", "Bearer secret");

  private SecuredBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("secured", arguments, SecuredBenchmark::run);
  }

  /** The load on a store with TLS. */
  private record Secured(StoreProcess store, SSLContext trust) implements SideBySide.Contestant {
    @Override
    public String name() {
      return "tls+grant";
    }

    @Override
    public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
      long end = System.nanoTime() + time.toNanos();
      return ClosedLoop.run(
          clients,
          () -> HttpConnection.open(store.address(), trust),
          client -> {
            SplittableRandom random = new SplittableRandom(client);
            return () ->
                System.nanoTime() < end
                    ? Optional.of(get(store.address(), random.nextInt(KEYS)))
                    : Optional.empty();
          });
    }
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    arguments.end();
    Path folder = Files.createTempDirectory("kubekv-secured");
    makeCertificate(folder);
    Path grants = Files.writeString(folder.resolve("grants.yaml"), GRANTS);
    Path tokens = Files.writeString(folder.resolve("tokens.csv"), "secret,benchmark,1\n");
    try (StoreProcess plain = StoreProcess.embedded();
        StoreProcess secured =
            StoreProcess.embedded(
                "--cert-file",
                folder.resolve("tls.crt").toString(),
                "--key-file",
                folder.resolve("tls.key").toString(),
                "--authorization-mode",
                "RBAC",
                "--authorization-rbac-file",
                grants.toString(),
                "--token-auth-file",
                tokens.toString())) {
      SSLContext trust = trust(folder.resolve("tls.crt"));
      Keys.fill(plain.address(), KEYS);
      fill(secured.address(), trust);
      SideBySide comparison =
          new SideBySide(
              SideBySide.over(
                  "plain",
                  plain,
                  (store, random) -> Keys.linearizableGet(store, random.nextInt(KEYS))),
              new Secured(secured, trust));
      int rounds = quick ? 5 : 15;
      Duration slice = Duration.ofSeconds(quick ? 2 : 4);
      double one = comparison.run("get, 1 client", 1, rounds, slice).medianRatio();
      double many = comparison.run("get, 64 clients", 64, rounds, slice).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "p50 %.2f x plain; at 64 clients %.2f x its answers a second",
              one,
              many);
      return new Check.Verdict(figure, "p50 <= 1.5 x", one <= BAR);
    }
  }

  private static byte[] get(InetSocketAddress store, int key) {
    return HttpConnection.request("GET", Keys.path(key) + "?quorum=true", store, TOKEN, "");
  }

  private static void fill(InetSocketAddress store, SSLContext trust) throws IOException {
    Map<String, String> headers =
        Map.of(
            "Authorization", "Bearer secret", "Content-Type", "application/x-www-form-urlencoded");
    try (HttpConnection connection = HttpConnection.open(store, trust)) {
      for (int key = 0; key < KEYS; key++) {
        int status =
            connection
                .exchange(HttpConnection.request("PUT", Keys.path(key), store, headers, Keys.VALUE))
                .status();
        if (status != 201) {
          throw new IOException("a put was answered " + status);
        }
      }
    }
  }

  private static void makeCertificate(Path folder) throws IOException {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=store",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve("tls.key").toString(),
                "-out",
                folder.resolve("tls.crt").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    try {
      if (openssl.waitFor() != 0) {
        throw new IOException("openssl: " + Files.readString(folder.resolve("openssl.log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static SSLContext trust(Path certificate) throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "store", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate cannot be used", e);
    }
  }
}
