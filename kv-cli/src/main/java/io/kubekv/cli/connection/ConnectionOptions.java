package io.kubekv.cli.connection;

import io.kubekv.cli.terminal.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command line says of the way to a server. Each is a variable, too. */
final class ConnectionOptions {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "The server's gRPC address; also KUBEKV_SERVER (127.0.0.1:2390).")
  @Nullable String address;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long one call may take; also KUBEKV_TIMEOUT (10s).")
  @Nullable Duration timeout;

  @Option(
      names = "--tls",
      description = "Speak TLS to it, and trust whom the JDK trusts; also KUBEKV_TLS=true.")
  boolean tls;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description =
          "Speak TLS to it, and trust these certificates alone (PEM); also KUBEKV_CACERT.")
  @Nullable Path authority;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Our certificate for it (PEM); also KUBEKV_CERT.")
  @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The key of our certificate (PEM, PKCS#8); also KUBEKV_KEY.")
  @Nullable Path key;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description =
          "The name in the server's certificate, when it is not its host; also"
              + " KUBEKV_SERVER_NAME.")
  @Nullable String serverName;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The bearer token that says who we are; also KUBEKV_TOKEN_FILE, or KUBEKV_TOKEN itself.")
  @Nullable Path tokenFile;

  /** What was said, as texts. */
  Map<Setting, String> given() {
    Map<Setting, String> given = new EnumMap<>(Setting.class);
    add(given, Setting.SERVER, address);
    add(given, Setting.TIMEOUT, timeout == null ? null : Durations.print(timeout));
    add(given, Setting.TLS, tls ? "true" : null);
    add(given, Setting.CACERT, authority);
    add(given, Setting.CERT, certificate);
    add(given, Setting.KEY, key);
    add(given, Setting.SERVER_NAME, serverName);
    add(given, Setting.TOKEN_FILE, tokenFile);
    return given;
  }

  private static void add(Map<Setting, String> given, Setting setting, @Nullable Object value) {
    if (value != null) {
      given.put(setting, value.toString());
    }
  }
}
