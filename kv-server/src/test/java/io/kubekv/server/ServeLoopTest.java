package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.door.ListenAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is said at the start about who can do what: no danger that is none, and none left out. */
class ServeLoopTest {
  private static final String TOKENS =
      "--authorization-mode=RBAC --authorization-rbac-file=/r --token-auth-file=/t";
  private static final String CLUSTER =
      "--kubeconfig=/k --authorization-mode=Webhook --authentication-token-webhook";
  private static final String TLS = "--cert-file=/c --key-file=/k";

  private static String warning(String address, String args) {
    String[] all = ("serve " + args).strip().split(" +");
    CommandLine.ParseResult parsed = Main.commandLine(all, Map.of()).parseArgs(all);
    ServerConfig config = ((ServeCommand) parsed.subcommand().commandSpec().userObject()).config();
    return ServeLoop.warning(ListenAddress.required("etcd-listen", address), config).orElse("");
  }

  @Test
  void everybodyMayDoEverything_isSaid() {
    assertThat(warning("0.0.0.0:1", ""))
        .contains("0.0.0.0:1", "there is no TLS", "whoever reaches it reads and writes every key");
    assertThat(warning("0.0.0.0:1", TLS))
        .contains("clients need no certificate", "whoever reaches it reads and writes every key");
  }

  @ParameterizedTest
  @CsvSource({TOKENS, CLUSTER})
  void somebodyDecides_isNotCalledOpenToAll(String access) {
    assertThat(warning("0.0.0.0:1", access + " " + TLS)).isEmpty();
    assertThat(warning("0.0.0.0:1", access))
        .contains("whoever listens on the way reads tokens, keys and values")
        .doesNotContain("writes every key");
  }

  @Test
  void clientsShowCertificates_orTheAddressIsLoopback_isNoDanger() {
    String certificates = TLS + " --trusted-ca-file=/ca --client-cert-auth";

    assertThat(warning("0.0.0.0:1", certificates)).isEmpty();
    assertThat(warning("127.0.0.1:1", "")).isEmpty();
  }
}
