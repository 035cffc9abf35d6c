package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.transport.door.ListenAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Where the page is: on the operations port where nobody else can reach it. */
class PageConfigTest {
  private static Optional<ListenAddress> shared(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "serve";
    System.arraycopy(args, 0, all, 1, args.length);
    CommandLine.ParseResult parsed = Main.commandLine(all, Map.of()).parseArgs(all);
    ServerConfig config = ((ServeCommand) parsed.subcommand().commandSpec().userObject()).config();
    return config.doors().page().onOperationsPort(config.ops(), config.tls());
  }

  @Test
  void operationsPortOfThisMachineAlone_hasThePage() {
    assertThat(shared()).contains(new ListenAddress("127.0.0.1", 2381));
    assertThat(shared("--ops-listen=[::1]:1")).contains(new ListenAddress("::1", 1));
    assertThat(shared("--cert-file=/c", "--key-file=/k")).isPresent();
  }

  @Test
  void operationsPortForOthers_hasNot() {
    assertThat(shared("--ops-listen=0.0.0.0:2381")).isEmpty();
    assertThat(shared("--ops-listen=off")).isEmpty();
    assertThat(shared("--ui-listen=off")).isEmpty();
    assertThat(shared("--ui-listen=127.0.0.1:1")).isEmpty();
  }

  /** Who shows no certificate is let in nowhere. */
  @Test
  void doorsForThoseWithACertificate_leaveNoOther() {
    assertThat(
            shared(
                "--cert-file=/c", "--key-file=/k", "--trusted-ca-file=/ca", "--client-cert-auth"))
        .isEmpty();
  }

  @Test
  void whatIsNoAddress_isRefusedByName() {
    assertThatThrownBy(() -> PageConfig.parse("here", false))
        .hasMessageContaining("ui-listen: 'here'");
  }
}
