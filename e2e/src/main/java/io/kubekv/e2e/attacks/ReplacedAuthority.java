package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A client whose authority is not trusted any more: its open connection, its TLS session that it
 * would take up again, and its certificate on a new connection are worth nothing.
 */
final class ReplacedAuthority implements Attack {
  private static final String USER = "neighbour";

  /** Files are looked at every ten seconds. */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(25);

  @Override
  public String name() {
    return "replaced-authority";
  }

  @Override
  public String about() {
    return "sessions of an authority that is not trusted any more";
  }

  @Override
  public boolean needsQuiet() {
    return false;
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Path folder = rig.folder("authority");
    Authority servers = Authority.make(folder.resolve("servers"));
    servers.sign("server");
    Authority former = Authority.make(folder.resolve("former"));
    former.sign(USER);
    Authority next = Authority.make(folder.resolve("next"));
    next.sign(USER);
    Path trusted = folder.resolve("trusted.crt");
    Files.copy(former.certificate(), trusted);
    Path grants = Files.writeString(folder.resolve("grants.yaml"), Victim.GRANTS);
    try (StoreProcess kubekv =
        StoreProcess.embeddedAt(
            folder.resolve("data"),
            "--cert-file=" + servers.certificate("server"),
            "--key-file=" + servers.key("server"),
            "--trusted-ca-file=" + trusted,
            "--authorization-mode=RBAC",
            "--authorization-rbac-file=" + grants)) {
      play(kubekv.address(), servers.certificate(), former, next, trusted, findings);
    }
  }

  private static void play(
      InetSocketAddress door,
      Path server,
      Authority former,
      Authority next,
      Path trusted,
      Consumer<Finding> findings)
      throws IOException {
    SSLContext fresh = next.context(USER, server, "TLS");
    Map<String, SSLContext> old = new LinkedHashMap<>();
    Map<String, HttpConnection> open = new LinkedHashMap<>();
    try {
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        old.put(version, former.context(USER, server, version));
        HttpConnection connection = HttpConnection.open(door, old.get(version));
        open.put(version, connection);
        findings.accept(expect(version + " at first", 200, ask(connection, door)));
      }
      replace(trusted, next.certificate());
      awaitLet(door, fresh);
      findings.accept(expect("who shows the new authority's", 200, askNew(door, fresh)));
      for (Map.Entry<String, HttpConnection> each : open.entrySet()) {
        String version = each.getKey();
        SSLContext session = Objects.requireNonNull(old.get(version));
        findings.accept(refused(version + " as before", ask(each.getValue(), door)));
        findings.accept(refused(version + ", the same session", askNew(door, session)));
        SSLContext again = former.context(USER, server, version);
        findings.accept(refused(version + ", a new session", askNew(door, again)));
      }
    } finally {
      for (HttpConnection each : open.values()) {
        each.close();
      }
    }
  }

  private static void replace(Path file, Path by) throws IOException {
    Path beside = file.resolveSibling("beside");
    Files.copy(by, beside);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void awaitLet(InetSocketAddress door, SSLContext context) {
    long deadline = System.nanoTime() + NOTICED_WITHIN.toNanos();
    while (askNew(door, context) != 200 && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(250));
    }
  }

  /** The status; 0 for a connection that was cut. */
  private static int ask(HttpConnection connection, InetSocketAddress door) {
    try {
      connection.readTimeout(Duration.ofSeconds(10));
      return connection
          .exchange(HttpConnection.request("GET", "/v2/keys/", door, Map.of(), ""))
          .status();
    } catch (IOException cut) {
      return 0;
    }
  }

  private static int askNew(InetSocketAddress door, SSLContext context) {
    try (HttpConnection connection = HttpConnection.open(door, context)) {
      return ask(connection, door);
    } catch (IOException cut) {
      return 0;
    }
  }

  private static Finding expect(String what, int status, int seen) {
    return new Finding(what, "" + seen, "" + status, seen == status);
  }

  private static Finding refused(String what, int seen) {
    return new Finding(
        what, seen == 0 ? "cut off" : "" + seen, "401 or cut off", seen == 0 || seen == 401);
  }
}
