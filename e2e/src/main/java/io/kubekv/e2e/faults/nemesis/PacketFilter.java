package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loses the packets of chosen TCP ports of the loopback interface, so that neither side is told of
 * anything. Only where this process has a network namespace of its own: see the script {@code
 * e2e/faults}. Not thread-safe.
 */
final class PacketFilter {
  /** Which of the packets get lost. */
  enum Way {
    TO("--dport"),
    FROM("--sport");

    private final String option;

    Way(String option) {
      this.option = option;
    }
  }

  private PacketFilter() {}

  /** Whether packets can be lost here without harm to others. */
  static boolean isAvailable() {
    return "yes".equals(System.getenv("E2E_OWN_NETWORK"));
  }

  /** From now on all packets to or from these ports are lost. */
  static void lose(List<Integer> ports, List<Way> ways) throws IOException {
    for (int port : ports) {
      for (Way way : ways) {
        iptables("-A", "INPUT", "-p", "tcp", way.option, Integer.toString(port), "-j", "DROP");
      }
    }
  }

  /** From now on none are. What was lost is sent again by TCP, after a while. */
  static void restore() throws IOException {
    iptables("-F", "INPUT");
  }

  private static void iptables(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("iptables"));
    command.addAll(List.of(arguments));
    Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(running.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (running.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
