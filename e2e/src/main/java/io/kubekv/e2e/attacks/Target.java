package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an attacker knows of a server.
 *
 * @param authority who signed the server's certificate; empty where there is no TLS
 * @param quick whether few tries are enough
 */
record Target(
    InetSocketAddress etcd,
    InetSocketAddress consul,
    InetSocketAddress grpc,
    InetSocketAddress operations,
    Optional<Path> authority,
    boolean quick) {

  List<InetSocketAddress> doors() {
    return List.of(etcd, consul, grpc, operations);
  }

  /** One number for each form of the check. */
  int count(int quickly, int otherwise) {
    return quick ? quickly : otherwise;
  }

  /** How long an attacker waits for an answer. */
  Duration patience() {
    return Duration.ofSeconds(count(8, 20));
  }

  /**
   * An address of this machine that is nobody else's: all of 127/8 is. Limits count by address, and
   * an attacker has several.
   */
  static InetAddress source(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {127, 9, (byte) (number >> 8), (byte) (number & 255)});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  List<String> words() {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--etcd", StoreProcess.hostAndPort(etcd)));
    words.addAll(List.of("--consul", StoreProcess.hostAndPort(consul)));
    words.addAll(List.of("--grpc", StoreProcess.hostAndPort(grpc)));
    words.addAll(List.of("--ops", StoreProcess.hostAndPort(operations)));
    authority.ifPresent(file -> words.addAll(List.of("--authority", file.toString())));
    if (quick) {
      words.add("--quick");
    }
    return words;
  }

  static Target of(Arguments arguments) {
    return new Target(
        address(arguments, "--etcd"),
        address(arguments, "--consul"),
        address(arguments, "--grpc"),
        address(arguments, "--ops"),
        arguments.option("--authority").map(Path::of),
        arguments.flag("--quick"));
  }

  private static InetSocketAddress address(Arguments arguments, String option) {
    String[] parts = arguments.option(option).orElseThrow().split(":");
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
