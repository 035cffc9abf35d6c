package io.kubekv.e2e.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.StoreProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What openssl can agree on with each door: no renegotiation, no suite with CBC, nothing before TLS
 * 1.2.
 */
final class Ciphers implements Attack {
  private static final String CBC =
      "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0";

  @Override
  public String name() {
    return "ciphers";
  }

  @Override
  public String about() {
    return "renegotiation, CBC suites and old versions of TLS";
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Target target = rig.victim(Kind.SECURED).target(rig.quick());
    Map<String, InetSocketAddress> doors = new LinkedHashMap<>();
    doors.put("etcd", target.etcd());
    doors.put("consul", target.consul());
    doors.put("grpc", target.grpc());
    for (Map.Entry<String, InetSocketAddress> door : doors.entrySet()) {
      String name = door.getKey();
      InetSocketAddress address = door.getValue();
      boolean sound = agrees(address, "-tls1_2") && agrees(address, "-tls1_3");
      findings.accept(Finding.of(name + " speaks TLS 1.2 and 1.3", sound, "" + sound));
      boolean cbc = agrees(address, "-tls1_2", "-cipher", CBC);
      findings.accept(Finding.of(name + " agrees on no suite with CBC", !cbc, "" + !cbc));
      boolean old = agrees(address, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
      findings.accept(Finding.of(name + " does not speak TLS 1.1", !old, "" + !old));
      boolean again = renegotiates(address);
      findings.accept(Finding.of(name + " does not renegotiate", !again, "" + !again));
    }
  }

  /** The gRPC door speaks with nobody who does not offer HTTP/2; the others take what they know. */
  private static List<String> client(InetSocketAddress door, String... further) {
    List<String> words = new ArrayList<>(List.of("openssl", "s_client", "-connect"));
    words.add(StoreProcess.hostAndPort(door));
    words.addAll(List.of("-alpn", "h2,http/1.1"));
    words.addAll(List.of(further));
    return words;
  }

  private static boolean agrees(InetSocketAddress door, String... further) throws IOException {
    try {
      return !Authority.run(client(door, further)).contains("Cipher is (NONE)");
    } catch (IOException refused) {
      return false;
    }
  }

  /** Asks for a second handshake, of which openssl shows the certificates that it sees again. */
  private static boolean renegotiates(InetSocketAddress door) throws IOException {
    Process openssl = new ProcessBuilder(client(door, "-tls1_2")).redirectErrorStream(true).start();
    Thread.ofVirtual().start(() -> endLater(openssl));
    boolean asked = false;
    boolean again = false;
    try (BufferedReader said = openssl.inputReader(UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (!asked && line.contains("Extended master secret")) { // the last that it says by itself
          openssl.outputWriter(UTF_8).write("R\n");
          openssl.outputWriter(UTF_8).flush();
        }
        again |= asked && line.startsWith("verify return");
        asked |= line.contains("RENEGOTIATING");
      }
    }
    if (!asked) {
      throw new IOException("openssl did not ask for a second handshake");
    }
    return again;
  }

  /**
   * Leaves its words to be read: {@link Process#destroyForcibly} would close them to the reader.
   */
  private static void endLater(Process process) {
    boolean ended = false;
    try {
      ended = process.waitFor(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      process.toHandle().destroyForcibly();
    }
  }
}
